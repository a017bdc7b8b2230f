package org.tornadomae.mae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which JVM `bin/mae` starts, in a checkout that is built and with an SDK that is installed, both empty.
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "bin/mae is a shell script")
class LauncherTest {
    private static final String PLACE = "place=$PWD/$'Mes vid\\303\\251os'; ";

    @TempDir
    Path folder;

    @BeforeEach
    void installs() throws IOException {
        Path bin = Files.createDirectory(folder.resolve("bin"));
        for (String name : List.of("mae", "find.sh")) {
            Files.copy(Path.of("../bin").resolve(name), bin.resolve(name));
        }
        Path api = Files.createDirectories(folder.resolve("sdk/share/java/tornado"));
        Files.createFile(api.resolve("tornado-api-0-jdk25.jar"));
        Files.createFile(folder.resolve("sdk/tornado-argfile"));
        Files.createDirectories(folder.resolve("mae/src/main"));
        Files.createFile(folder.resolve("mae/pom.xml"));
        Files.createFile(folder.resolve("pom.xml"));
        Files.createFile(Files.createDirectories(folder.resolve("bench/target/lib")).resolve(".built"));
        Files.writeString(folder.resolve("tornado.yaml"), "preset: tiny\ndevice: \"tornado:0:1\" # the second\n");
        Files.writeString(folder.resolve("cpu.yaml"), "# device: tornado\nout: tornado\ndevice: cpu\n");
    }

    private String command(String arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("bash", "bin/mae", "--print-command"));
        words.addAll(List.of(arguments.split(" ")));
        ProcessBuilder builder = new ProcessBuilder(words).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("TORNADOVM_HOME", folder.resolve("sdk").toString());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return said;
    }

    /// In a folder that a person named, from a cron job or a container: no HOME and the C locale.
    @Test
    void neitherHomeNorAUtf8LocaleIsNeeded() throws Exception {
        // Java itself may run these tests in the C locale, which knows no é: the shell names the folder.
        assertEquals(0, new ProcessBuilder("bash", "-c",
                PLACE + "mkdir \"$place\" && cp -rp bin bench mae pom.xml \"$place\"").directory(folder.toFile())
                .start().waitFor());
        Path jdk = Files.createDirectories(folder.resolve("a jdk/bin")).getParent();
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
        for (String tool : List.of("java", "javac")) {
            Path script = Files.writeString(jdk.resolve("bin").resolve(tool), """
                    #!/bin/sh
                    printf '%s|' "$(locale charmap)" "$@"
                    """);
            assertTrue(script.toFile().setExecutable(true));
        }
        ProcessBuilder builder = new ProcessBuilder("bash", "-c",
                PLACE + "exec bash \"$place/bin/mae\" demo --out 'a b'").directory(folder.toFile());
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", System.getenv("PATH"), "LC_ALL", "C", "JAVA_HOME", jdk.toString()));
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        assertTrue(said.startsWith("UTF-8|"), said);
        assertTrue(said.endsWith("|-cp|" + folder.toRealPath() + "/Mes vid\u00e9os/bench/target/lib/*|"
                + MaeCli.class.getName() + "|demo|--out|a b|"), said);
    }

    private void starts(boolean tornado, String arguments) throws IOException, InterruptedException {
        String command = command(arguments).replace("\\", "").strip(); // printed as a shell would take it
        assertEquals(tornado, command.contains("/sdk/tornado-argfile"), command);
        assertEquals(!tornado, command.contains("--add-modules=jdk.incubator.vector"), command);
        assertTrue(command.endsWith(".MaeCli " + arguments), command);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pretrain --device tornado --out run", "pretrain --device=tornado:0:1",
            "bench ops --devices cpu,tornado", "bench ops --devices=tornado,loop",
            "bench ops --devices cpu,tornado:0:1,loop",
            "pretrain --config tornado.yaml", "pretrain --config=tornado.yaml", "devices",
            "pretrain --config cpu.yaml --device tornado"})
    void tornadoIsStartedForItsDevices(String arguments) throws Exception {
        starts(true, arguments);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pretrain --out tornado", "pretrain --out=tornado --device cpu", "pretrain --device cpu",
            "reconstruct --video tornado:0 --out cpu,tornado", "pretrain --config cpu.yaml", "demo",
            "pretrain --config tornado.yaml --device cpu", "pretrain --config missing.yaml", "pretrain --device"})
    void theUsualJvmIsStartedForEverythingElse(String arguments) throws Exception {
        starts(false, arguments);
    }
}
