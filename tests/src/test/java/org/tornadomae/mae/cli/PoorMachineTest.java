package org.tornadomae.mae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.tornadomae.video.synthetic.SyntheticClips;

/// What a machine does not let us have is said in one line, at once.
@EnabledOnOs(value = OS.LINUX, disabledReason = "needs /dev/null as a folder that cannot be, and bash's ulimit")
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PoorMachineTest {
    @TempDir
    private static Path folder;

    @BeforeAll
    static void video() throws Exception {
        new SyntheticClips(64, 48, 8, 1).write(folder.resolve("videos"), 1);
    }

    /// Runs `mae doctor` in a JVM of its own and returns what it says.
    private static String doctor(String limit, String... properties) throws Exception {
        List<String> command = new ArrayList<>(List.of("bash", "-c", limit + " exec \"$@\"", "bash",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "--add-modules=jdk.incubator.vector"));
        command.addAll(List.of(properties));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MaeCli.class.getName(), "doctor",
                "--data", folder.resolve("videos").toString(), "--out", folder.resolve("manifest").toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(1, process.waitFor(), said);
        return String.join("\n", said.lines().filter(line -> !line.startsWith("WARNING")).toList());
    }

    @Test
    void noFolderForLibraries() throws Exception {
        String user = System.getProperty("user.name");
        assertEquals("mae: no folder for FFmpeg's libraries can be written to (/dev/null/.javacpp/cache, /dev/null/"
                + ".javacpp-" + user + "/cache); give one: MAE_JAVA_OPTS=-Dorg.bytedeco.javacpp.cachedir=FOLDER",
                doctor("", "-Duser.home=/dev/null", "-Djava.io.tmpdir=/dev/null"));
    }

    /// The class path alone is some fifty files; the limit is above them, and below what a process takes.
    @Test
    void tooFewOpenFiles() throws Exception {
        long jars = System.getProperty("java.class.path").split(":").length;
        String said = doctor("ulimit -n " + (jars + 10) + ";");
        assertTrue(said.startsWith("mae: cannot start a decoder process: Cannot run program"), said);
        assertTrue(said.endsWith("; use fewer workers, decode in threads, or allow more open files and processes "
                + "(ulimit -n, -u) (--workers, --decoder thread)"), said);
        assertEquals(1, said.lines().count(), said);
    }
}
