package org.tornadomae.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.tornadomae.bench.report.Json;
import org.tornadomae.bench.report.Machine;
import org.tornadomae.nn.UserException;

/// The peer: the same step in PyTorch, in a process of its own, with the settings that make it fastest.
///
/// @param python      the interpreter
/// @param environment of its processes
record PyTorch(String python, Map<String, String> environment) {
    private static final String SCRIPT = "pytorch_step.py";
    private static final String CORE = "OPENBLAS_CORETYPE";
    private static final String PRELOAD = "LD_PRELOAD";
    private static final List<String> FOLDERS =
            List.of("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib");

    /// The kernels of OpenBLAS worth trying on a processor with this feature.
    private static final Map<String, List<String>> KERNELS = new TreeMap<>(Map.of(
            "avx512_bf16", List.of("Cooperlake"), "avx512f", List.of("SkylakeX"), "avx2", List.of("Haswell", "Zen")));

    /// Finds an interpreter that has torch.
    ///
    /// @param python   the one to use, or null to look for one
    /// @param threads  for its libraries
    /// @param settings environment variables that the user wants, which win
    /// @throws UserException when there is none
    static PyTorch find(String python, int threads, Map<String, String> settings) {
        String count = String.valueOf(threads);
        Map<String, String> environment = new LinkedHashMap<>(
                Map.of("OMP_NUM_THREADS", count, "OPENBLAS_NUM_THREADS", count, "MKL_NUM_THREADS", count));
        jemalloc().ifPresent(library -> environment.put(PRELOAD, library));
        environment.putAll(settings);
        List<String> candidates = python == null ? List.of("python3", "/usr/bin/python3") : List.of(python);
        for (String candidate : candidates) {
            if (hasTorch(candidate)) {
                return new PyTorch(candidate, environment);
            }
        }
        throw new UserException("no PyTorch: " + String.join(" and ", candidates)
                + " cannot import torch. Debian: apt-get install python3-torch "
                + "libopenblas0-pthread libjemalloc2; or name an interpreter with --python");
    }

    private static boolean hasTorch(String python) {
        try {
            Child.run(List.of(python, "-c", "import torch"), Map.of(), "");
            return true;
        } catch (UserException _) {
            return false; // not there, or without torch: the next one may have it
        }
    }

    private static Optional<String> jemalloc() {
        return FOLDERS.stream().map(folder -> Path.of(folder, "libjemalloc.so.2")).filter(Files::exists)
                .map(Path::toString).findFirst();
    }

    /// The values of OPENBLAS_CORETYPE to choose from; "" leaves the choice to OpenBLAS. Without effect on other
    /// libraries.
    List<String> kernels() {
        if (environment.containsKey(CORE)) {
            return List.of(environment.get(CORE));
        }
        List<String> features = Machine.features();
        List<String> worthTrying = new ArrayList<>(List.of(""));
        KERNELS.forEach((feature, kernels) -> {
            if (features.contains(feature)) {
                worthTrying.addAll(kernels);
            }
        });
        return worthTrying;
    }

    /// The same with a choice of [#kernels].
    PyTorch withKernel(String kernel) {
        Map<String, String> changed = new LinkedHashMap<>(environment);
        if (!kernel.isEmpty()) {
            changed.put(CORE, kernel);
        }
        return new PyTorch(python, changed);
    }

    /// Runs the script.
    ///
    /// @param sizes what it reads
    /// @param type  of what it prints
    <T> T run(Map<String, Object> sizes, Class<T> type) {
        return Child.run(List.of(python, "-", Json.line(sizes)), environment, script(), type);
    }

    private static String script() {
        try (InputStream script = PyTorch.class.getResourceAsStream(SCRIPT)) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
