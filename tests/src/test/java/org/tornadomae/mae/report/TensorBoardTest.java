package org.tornadomae.mae.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tornadomae.mae.train.Metrics;
import org.tornadomae.mae.train.RunListener;
import org.tornadomae.nn.UserException;

/// Field numbers are those of TensorFlow's event.proto and summary.proto.
class TensorBoardTest {
    private static final int STEP = 2;
    private static final int VERSION = 3;
    private static final int SUMMARY = 5;
    private static final int SESSION_LOG = 7;
    private static final int VALUE = 1;

    @TempDir
    private Path folder;

    private static Metrics step(long step) {
        return new Metrics(step, 0.5, 1.0 / step, 1e-3, 2.5, new Metrics.Speed(10, 0.25, "loop"));
    }

    private static RunListener.Start startedAt(long step) {
        return new RunListener.Start(100, step, 9, 3, 4);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("events.out.tfevents.")).sorted()
                    .toList();
        }
    }

    private List<EventReader.Message> events() throws IOException {
        assertEquals(1, files().size());
        return EventReader.read(files().getFirst());
    }

    private static Map<String, Float> scalars(EventReader.Message event) {
        Map<String, Float> values = new HashMap<>();
        event.message(SUMMARY).messages(VALUE).forEach(value -> values.put(value.text(1), (Float) value.one(2)));
        return values;
    }

    /// The check value of RFC 3720 for the reader that judges the writer.
    @Test
    void theReaderKnowsCastagnoli() {
        assertEquals(0xe3069283, EventReader.crc32c("123456789".getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void scalarsOfStepsAndEvaluations() throws IOException {
        TensorBoard board = new TensorBoard(folder);
        board.start(startedAt(0));
        board.step(step(1));
        board.evaluation(1, Map.of("top1", 0.5));
        board.step(step(300));
        board.end(300);
        List<EventReader.Message> events = events();
        assertEquals("brain.Event:2", events.getFirst().text(VERSION), "the first event of a file");
        assertEquals(Map.of("train/loss", 1f, "train/lr", 1e-3f, "train/grad_norm", 2.5f, "train/epoch", 0.5f,
                "speed/clips_per_second", 10f, "speed/data_wait", 0.25f), scalars(events.get(2)));
        assertEquals(Map.of("val/top1", 0.5f), scalars(events.get(3)));
        assertEquals(300, events.get(4).integer(STEP));
        assertEquals(1f / 300, scalars(events.get(4)).get("train/loss"));
        assertEquals(5, events.size());
        double wallTime = (Double) events.get(4).one(1);
        assertEquals(System.currentTimeMillis() / 1e3, wallTime, 3600, "seconds since 1970");
    }

    /// A START in the session log makes TensorBoard drop the steps that are done again.
    @Test
    void aResumedRunReplacesTheStepsThatItDoesAgain() throws IOException {
        for (long done : new long[] {0, 3}) {
            TensorBoard board = new TensorBoard(folder);
            board.start(startedAt(done));
            board.step(step(done + 1));
            board.close();
        }
        List<Path> files = files();
        assertEquals(2, files.size());
        EventReader.Message start = EventReader.read(files.getLast()).get(1);
        assertEquals(4, start.integer(STEP), "void from this step on");
        assertEquals(1, start.message(SESSION_LOG).integer(1), "START");
    }

    @Test
    void picturesGoInAsTheyAre() throws IOException {
        Path png = folder.resolve("picture.png");
        ImageIO.write(new BufferedImage(30, 20, BufferedImage.TYPE_INT_RGB), "png", png.toFile());
        Path other = Files.writeString(folder.resolve("picture.mp4"), "no picture that TensorBoard shows");
        TensorBoard board = new TensorBoard(folder);
        board.start(startedAt(0));
        board.picture(500, "cockatoo", png);
        board.picture(500, "cockatoo", other);
        board.end(500);
        List<EventReader.Message> events = events();
        assertEquals(3, events.size());
        EventReader.Message value = events.get(2).message(SUMMARY).message(VALUE);
        assertEquals(500, events.get(2).integer(STEP));
        assertEquals("cockatoo", value.text(1));
        EventReader.Message image = value.message(4);
        assertEquals(20, image.integer(1), "height");
        assertEquals(30, image.integer(2), "width");
        assertEquals(3, image.integer(3), "RGB");
        assertArrayEquals(Files.readAllBytes(png), (byte[]) image.one(4));
    }

    /// Whoever reads during the run, or after a kill, finds every step.
    @Test
    void eachStepIsInTheFileAtOnce() throws IOException {
        TensorBoard board = new TensorBoard(folder);
        board.start(startedAt(0));
        board.step(step(1));
        assertEquals(3, events().size());
        board.close();
    }

    @Test
    void whatCannotBeWrittenIsSaidSo() {
        TensorBoard board = new TensorBoard(folder.resolve("none"));
        UserException e = assertThrows(UserException.class, () -> board.start(startedAt(0)));
        assertTrue(e.getMessage().contains("none: the TensorBoard file cannot be written"), e.getMessage());
    }
}
