package org.tornadomae.mae.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tornadomae.kernels.open.Backends;
import org.tornadomae.nn.UserException;
import org.tornadomae.nn.file.SafeTensors;
import org.tornadomae.nn.file.TensorFile;

/// Classifiers, PySlowFast's pre-training and the linear probe against the official codes' own numbers.
class FinetuneGoldenTest {
    private static final Path FOLDER = Path.of("src/test/resources/golden/finetune");
    private static final double TOLERANCE = 1e-4;

    @TempDir
    private Path folder;

    private static List<ReferenceCheck.Line> check(Path file, String device) {
        try (SafeTensors dump = SafeTensors.open(file)) {
            return ReferenceCheck.run(dump, Backends.open(device));
        }
    }

    /// The numbers of lines: what stands under `out.`, `in.lr`, and all parameters twice or, without steps, once.
    @ParameterizedTest
    @CsvSource({"ft-sep-cls-hard, 122", "ft-sep-cls-droppath, 154", "ft-joint-nocls-soft, 84", "psf-sep-cls-fused, 122",
            "psf-joint-nocls, 116", "psf-mae, 70", "probe-linear-lars, 9"})
    void matchesTheOfficialCodes(String name, int lines) {
        for (String device : List.of("loop", "cpu")) {
            List<ReferenceCheck.Line> found = check(FOLDER.resolve(name + ".safetensors"), device);
            found.forEach(line -> assertTrue(line.ok(TOLERANCE), device + ": " + line));
            assertEquals(lines, found.size(), device);
        }
    }

    /// Every output of a dump is compared.
    @ParameterizedTest
    @CsvSource({"ft-sep-cls-hard", "psf-mae", "probe-linear-lars"})
    void noOutputIsLeftOut(String name) {
        Path file = FOLDER.resolve(name + ".safetensors");
        Set<String> compared = check(file, "loop").stream().map(ReferenceCheck.Line::name).collect(Collectors.toSet());
        try (SafeTensors dump = SafeTensors.open(file)) {
            List<String> outputs = dump.names().stream().filter(tensor -> tensor.startsWith("out.")).toList();
            assertTrue(compared.containsAll(outputs), compared.toString());
        }
    }

    /// A copy of a dump with other metadata or another tensor.
    private Path changed(String name, Map<String, String> metadata, String tensor, SafeTensors.Source with) {
        Path copy = folder.resolve("changed.safetensors");
        try (SafeTensors dump = SafeTensors.open(FOLDER.resolve(name + ".safetensors"))) {
            Map<String, String> all = new LinkedHashMap<>(dump.metadata());
            all.putAll(metadata);
            List<SafeTensors.Source> tensors = new ArrayList<>();
            for (String each : dump.names()) {
                TensorFile.Entry entry = dump.entry(each);
                if (each.equals("in.label")) {
                    continue; // whole numbers, which are not written here
                }
                tensors.add(each.equals(tensor)
                        ? with
                        : new SafeTensors.Source(each, entry.shape(), dump.floats(each),
                                0));
            }
            SafeTensors.write(copy, all, tensors);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return copy;
    }

    /// The other dialect's decay shows in the tensors in which the two differ, and only there.
    @Test
    void theDialectsOfDecayCanBeToldApart() {
        Path other = changed("psf-sep-cls-fused", Map.of("no_decay", "1-D parameters, cls_token, pos_embed*"), "",
                null);
        List<String> wrong = check(other, "loop").stream().filter(line -> !line.ok(TOLERANCE))
                .map(ReferenceCheck.Line::name).toList();
        assertTrue(wrong.contains("step3.pos_embed_spatial"), wrong.toString());
        assertTrue(wrong.stream().allMatch(name -> name.startsWith("step3.pos_embed")
                || name.equals("step3.cls_token")),
                wrong.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"batch|0", "batch|-1", "batch|\"2\"", "batch|null", "steps|-1",
            "steps|1000000",
            "steps|1.5", "model|{}", "model|[]", "model|{", "optim|{}", "pool|somehow", "no_decay|?"})
    void malformedMetadataGetsOneLine(String key, String value) {
        Path file = changed("ft-sep-cls-droppath", Map.of(key, value), "", null);
        UserException e = assertThrows(UserException.class, () -> check(file, "loop"));
        assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
        assertFalse(e.getMessage().contains("\n"), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"in.clip", "in.target", "in.lr", "in.dropout", "in.drop_path", "param.norm.weight", "param.cls_token",
            "grad.head.bias", "step4.blocks.1.attn.k.bias", "out.logits", "out.step_losses", "out.features"})
    void aTensorOfOneElementGetsOneLine(String tensor) {
        Path file = changed("ft-sep-cls-droppath", Map.of(), tensor,
                new SafeTensors.Source(tensor, new int[] {1}, new float[1], 0));
        UserException e = assertThrows(UserException.class, () -> check(file, "loop"));
        assertTrue(e.getMessage().contains(tensor.substring(tensor.indexOf('.') + 1)), e.getMessage());
    }
}
