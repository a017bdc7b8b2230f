package org.tornadomae.mae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which JVM `bin/mae` starts, in a checkout that is built and with an SDK that is installed, both empty.
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "bin/mae is a shell script")
class LauncherTest {
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
