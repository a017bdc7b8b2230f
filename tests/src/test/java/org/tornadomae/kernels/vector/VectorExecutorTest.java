package org.tornadomae.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the executor says where it cannot run, in a JVM that is started so.
@Timeout(120)
class VectorExecutorTest {
    /// Prints the obstacle of its JVM.
    static final class Obstacle {
        private Obstacle() {}

        public static void main(String[] args) {
            System.out.println(VectorExecutor.obstacle().orElse("none"));
        }
    }

    private static String obstacle(String... options) throws IOException {
        ProcessBuilder java = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        java.command().addAll(List.of(options));
        java.command().addAll(List.of("-cp", System.getProperty("java.class.path"), Obstacle.class.getName()));
        Process process = java.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    @Test
    void nothingKeepsItFromRunningHere() {
        assertEquals(Optional.empty(), VectorExecutor.obstacle());
    }

    @Test
    void itRefusesAJvmWithoutFusedMultiplyAdd() throws IOException {
        String line = obstacle("--add-modules=jdk.incubator.vector", "-XX:-UseFMA");
        assertTrue(line.startsWith("it needs fused multiply-add"), line);
        assertEquals(1, line.lines().count());
    }

    @Test
    void itAsksForTheVectorApi() throws IOException {
        String line = obstacle();
        assertTrue(line.endsWith("start java with --add-modules=jdk.incubator.vector"), line);
    }
}
