package org.tornadomae.mae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.tornadomae.kernels.TornadoJvm;

/// Training on TornadoVM's first device beside the plain loops, and across both.
@EnabledIf(value = "org.tornadomae.kernels.TornadoJvm#started", disabledReason = TornadoJvm.REASON)
class TornadoPretrainTest {
    private static final int STEPS = 30;
    /// The project's promise: relative, for each step's loss.
    private static final double TOLERANCE = 1e-3;
    private static final String AT_10 = "checkpoint-00000010.safetensors";

    @TempDir
    private static Path folder;

    /// The metrics of a run, continued from a checkpoint if there is one in `out`.
    private static List<JsonNode> pretrain(Path clips, Path out, String device) throws IOException {
        Cli run = Cli.run(TinyRun.pretrain(clips, out, "--device", device, "--steps", STEPS, "--save-every", 10));
        assertEquals(0, run.exitCode(), run.err());
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(out.resolve("metrics.jsonl"))) {
            lines.add(new ObjectMapper().readTree(line));
        }
        return lines;
    }

    private static void assertSameLosses(List<JsonNode> expected, List<JsonNode> actual) {
        for (JsonNode line : actual) {
            double loss = expected.get(line.get("step").asInt() - 1).get("loss").asDouble();
            assertEquals(loss, line.get("loss").asDouble(), TOLERANCE * loss, line.toString());
        }
    }

    @Test
    void trainsAsThePlainLoopsDoAndContinuesTheirCheckpoints() throws IOException {
        Path clips = TinyRun.clips(folder);
        List<JsonNode> loop = pretrain(clips, folder.resolve("loop"), "loop");
        List<JsonNode> tornado = pretrain(clips, folder.resolve("tornado"), "tornado");
        assertEquals(STEPS, tornado.size());
        assertSameLosses(loop, tornado);
        assertTrue(tornado.stream().allMatch(line -> line.get("device").asText().startsWith("tornado:0:0")),
                tornado.toString());

        for (String writer : List.of("loop", "tornado")) {
            String reader = writer.equals("loop") ? "tornado" : "loop";
            Path out = Files.createDirectory(folder.resolve(reader + "-after-" + writer));
            Files.copy(folder.resolve(writer).resolve(AT_10), out.resolve(AT_10));
            List<JsonNode> continued = pretrain(clips, out, reader);
            assertEquals(11, continued.getFirst().get("step").asInt());
            assertEquals(STEPS - 10, continued.size());
            assertSameLosses(loop, continued);
        }
    }
}
