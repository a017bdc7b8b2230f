package org.tornadomae.mae.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tornadomae.nn.file.Golden;
import org.tornadomae.nn.file.TensorFile;
import org.tornadomae.nn.file.TensorFiles;

class ImportExportTest {
    @TempDir
    Path folder;

    /// Runs a command and returns what it printed, errors last; the exit code is checked.
    private static String run(int expected, Object... args) {
        Cli run = Cli.run(args);
        assertEquals(expected, run.exitCode(), run.out() + run.err());
        return run.out() + run.err();
    }

    private static void sameTensors(Path a, Path b) {
        try (TensorFile expected = TensorFiles.open(a); TensorFile actual = TensorFiles.open(b)) {
            assertEquals(new TreeSet<>(expected.names()), new TreeSet<>(actual.names()));
            for (String name : expected.names()) {
                assertArrayEquals(expected.entry(name).shape(), actual.entry(name).shape(), name);
                assertArrayEquals(expected.floats(name), actual.floats(name), name);
            }
        }
    }

    /// In, out under the program's own names, and in again; the second time nothing has to be said.
    @ParameterizedTest
    @CsvSource({"videomae-pretrain.pth, videomae, again.pth, 16", "pyslowfast-finetuned.pyth, slowfast, again.pyth, 12",
            "hf-videomae-classifier.safetensors, hf, again.safetensors, 16",
            "mae_st-finetuned.pth, ours, again.bin, 12"})
    void thereAndBack(String name, String to, String out, String size) {
        Path original = Golden.path("weights/" + name);
        Path ours = folder.resolve("ours.safetensors");
        Path again = folder.resolve(out);
        Path back = folder.resolve("back.safetensors");
        String table = run(0, "import", original, "--out", ours, "--heads", "3", "--decoder-heads", "2", "--norm-eps",
                "1e-6", "--pixels",
                "imagenet", "--frames", "4", "--input-size", size);
        assertTrue(table.contains("0 missing, 0 left over"), table);
        run(0, "export", ours, "--to", to, "--out", again);
        sameTensors(original, again);
        run(0, "import", again, "--out", back);
        sameTensors(ours, back);
        assertEquals(to.equals("hf"), Files.exists(folder.resolve("config.json")));
    }

    @Test
    void whatCannotBeDoneIsOneLine() {
        Path out = folder.resolve("out.safetensors");
        String unsaid = run(1, "import", Golden.path("weights/mae_st-finetuned.pth"), "--out", out);
        assertTrue(unsaid.lines().count() == 1 && unsaid.contains("heads of the encoder"), unsaid);
        String hostile = run(1, "import", Golden.path("weights/hostile-weight.pth"), "--out", out, "--heads", "2");
        assertTrue(hostile.lines().count() == 1 && hostile.contains("os.getenv"), hostile);
        String unknown = run(1, "import", Golden.path("weights/views.pth"), "--out", out);
        assertTrue(unknown.lines().count() == 1 && unknown.contains("no video MAE"), unknown);
        assertFalse(Files.exists(out));
    }

    @Test
    void leftOverIsRefusedAndAllowedByName() {
        Path ours = folder.resolve("ours.safetensors");
        run(0, "import", Golden.path("weights/mae_st-finetuned.pth"), "--out", ours, "--heads", "3", "--norm-eps",
                "1e-6", "--pixels",
                "0.45/0.225");
        Path out = folder.resolve("hf.safetensors");
        String refused = run(1, "export", ours, "--to", "hf", "--out", out);
        assertTrue(refused.lines().toList().getLast().contains("4 tensors left over"), refused);
        assertFalse(Files.exists(out));
        run(0, "export", ours, "--to", "hf", "--out", out, "--allow", "cls_token,pos_embed_*");
        assertTrue(Files.exists(out));
    }

    @Test
    void helpHasExamples() {
        assertTrue(run(0, "import", "--help").contains("mae import"));
        assertTrue(run(0, "export", "--help").contains("mae export"));
    }
}
