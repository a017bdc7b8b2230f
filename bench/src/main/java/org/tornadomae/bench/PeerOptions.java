package org.tornadomae.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tornadomae.mae.model.MaeConfig;
import picocli.CommandLine.Option;

/// How the peer runs.
final class PeerOptions {
    @Option(names = "--python", paramLabel = "FILE",
            description = "interpreter with torch (default: python3, else /usr/bin/python3)")
    private String python;

    @Option(names = "--peer-device", defaultValue = "cpu", paramLabel = "DEVICE",
            description = "cpu or cuda (default: ${DEFAULT-VALUE})")
    private String device;

    @Option(names = "--precisions", split = ",", defaultValue = "fp32", paramLabel = "KIND",
            description = "of the peer: fp32, tf32, bf16 (default: ${DEFAULT-VALUE})")
    private List<String> precisions;

    @Option(names = "--peer-env", paramLabel = "NAME=VALUE",
            description = "environment of the peer, instead of what is found best, e.g. OPENBLAS_CORETYPE=SkylakeX or "
                    + "LD_PRELOAD=")
    private Map<String, String> environment = new LinkedHashMap<>();

    PyTorch find(int threads) {
        return PyTorch.find(python, threads, environment);
    }

    boolean onProcessor() {
        return device.equals("cpu");
    }

    List<String> precisions() {
        return precisions;
    }

    /// What the script reads for a matrix product.
    Map<String, Object> sgemm(int size, int threads, String precision) {
        return Map.of("sgemm", size, "device", device, "threads", threads, "precision", precision, "budget", 10,
                "warming", 3);
    }

    /// What the script reads for a step.
    Map<String, Object> step(MaeConfig c, StepOptions step, int batch, TimingOptions timing, int threads,
            String precision) {
        Map<String, Object> sizes = new LinkedHashMap<>();
        sizes.put("batch", batch);
        sizes.put("tokens", c.grid().tokens());
        sizes.put("keep", TrainingStep.masking(c, step.ratio()).keep());
        sizes.put("patchValues", c.grid().patchValues());
        sizes.put("predValues", c.predValues());
        sizes.put("embedDim", c.encoder().embedDim());
        sizes.put("depth", c.encoder().depth());
        sizes.put("heads", c.encoder().numHeads());
        sizes.put("mlp", c.encoder().mlpWidth());
        sizes.put("decoderEmbedDim", c.decoder().embedDim());
        sizes.put("decoderDepth", c.decoder().depth());
        sizes.put("decoderHeads", c.decoder().numHeads());
        sizes.put("decoderMlp", c.decoder().mlpWidth());
        sizes.put("warmUp", timing.warmUp());
        sizes.put("warming", timing.warming());
        sizes.put("steps", timing.steps());
        sizes.put("budget", timing.budget());
        sizes.put("threads", threads);
        sizes.put("device", device);
        sizes.put("precision", precision);
        return sizes;
    }
}
