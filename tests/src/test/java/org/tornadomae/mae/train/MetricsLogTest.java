package org.tornadomae.mae.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tornadomae.nn.UserException;

class MetricsLogTest {
    @TempDir
    private Path folder;

    private static Metrics step(long step) {
        return new Metrics(step, 0.5, 0.75, 1e-3, 2.5, new Metrics.Speed(10, 0.25, "loop"));
    }

    private static RunListener.Start resumedAt(long step) {
        return new RunListener.Start(100, step, 9, 3, 4);
    }

    /// The names that people's scripts read.
    @Test
    void oneFlatObjectPerStep() throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        MetricsLog log = new MetricsLog(file);
        log.start(resumedAt(0));
        log.step(step(1));
        assertEquals(List.of("{\"step\":1,\"epoch\":0.5,\"loss\":0.75,\"lr\":0.001,\"grad_norm\":2.5,"
                + "\"clips_per_second\":10.0,\"data_wait\":0.25,\"device\":\"loop\"}"), Files.readAllLines(file));
    }

    /// Steps that will be done again go, and what a killed run left of a line.
    @Test
    void aResumedRunGoesOnBehindItsLastStep() throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        MetricsLog log = new MetricsLog(file);
        for (int step = 1; step <= 5; step++) {
            log.step(step(step));
        }
        List<String> all = Files.readAllLines(file);
        Files.writeString(file, "{\"step\":2,\"epo", StandardOpenOption.APPEND);
        log.start(resumedAt(3));
        assertEquals(all.subList(0, 3), Files.readAllLines(file));
        log.step(step(4));
        assertEquals(all.subList(0, 4), Files.readAllLines(file));
    }

    @Test
    void whatCannotBeWrittenIsSaidSo() {
        MetricsLog log = new MetricsLog(folder.resolve("none/m.jsonl"));
        UserException e = assertThrows(UserException.class, () -> log.step(step(1)));
        assertTrue(e.getMessage().contains("m.jsonl: cannot be written"), e.getMessage());
    }
}
