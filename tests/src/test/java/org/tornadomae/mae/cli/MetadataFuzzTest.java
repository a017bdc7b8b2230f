package org.tornadomae.mae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tornadomae.nn.file.Header;

/// A checkpoint's metadata with each field in turn missing or replaced by JSON of the wrong kind or size: every command
/// says one line, soon, or takes a value that is a right one.
class MetadataFuzzTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> VALUES = List.of("null", "-1", "0", "2147483648", "9223372036854775807", "\"\"",
            "[]", "{}", "\"NaN\"");

    @TempDir
    private static Path folder;
    private static Path clips;
    private static Path good;

    @BeforeAll
    static void train() throws IOException {
        clips = TinyRun.clips(folder);
        Path out = folder.resolve("good");
        assertEquals(0, Cli.run(TinyRun.pretrain(clips, out, "--steps", 1)).exitCode());
        good = out.resolve("checkpoint-00000001.safetensors");
    }

    /// The paths of all fields of a JSON object, outermost first.
    private static void paths(JsonNode node, String at, List<String> into) {
        node.properties().forEach(field -> {
            String path = at + "/" + field.getKey();
            into.add(path);
            paths(field.getValue(), path, into);
        });
    }

    private static Path with(String entry, String text) throws IOException {
        Path file = folder.resolve("changed.safetensors");
        Header.edit(good, file, metadata -> {
            if (text == null) {
                metadata.remove(entry);
            } else {
                metadata.put(entry, text);
            }
        });
        return file;
    }

    /// @return whether the command failed, with one line
    private static boolean refused(String what, Object... command) {
        long start = System.nanoTime();
        Cli run = Cli.run(command);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        List<String> lines = run.err().lines().filter(line -> line.startsWith("mae: ")).toList();
        assertEquals(run.exitCode() == 0 ? 0 : 1, lines.size(), what + ": " + run.err());
        assertTrue(!run.err().contains("\tat "), what + ": " + run.err());
        assertTrue(took.compareTo(Duration.ofSeconds(30)) < 0, what + " took " + took);
        return run.exitCode() != 0;
    }

    @Test
    @Timeout(300)
    void fieldsOfConfigurationAndRecipe() throws IOException {
        for (String entry : List.of("config", "train")) {
            String whole = Header.metadata(good).get(entry).asText();
            List<String> paths = new ArrayList<>();
            paths(JSON.readTree(whole), "", paths);
            assertTrue(paths.size() > 10, paths.toString());
            for (String path : paths) {
                for (String value : VALUES) {
                    ObjectNode changed = (ObjectNode) JSON.readTree(whole);
                    parent(changed, path).set(name(path), JSON.readTree(value));
                    Path file = with(entry, changed.toString());
                    boolean refused = refused(path + " " + value, "info", file);
                    boolean number = value.matches("-?\\d+");
                    assertTrue(refused || number, path + " = " + value + " was taken");
                }
                ObjectNode without = (ObjectNode) JSON.readTree(whole);
                parent(without, path).remove(name(path));
                assertTrue(refused(path, "info", with(entry, without.toString())), "without " + path);
            }
        }
    }

    private static ObjectNode parent(ObjectNode root, String path) {
        return (ObjectNode) root.at(path.substring(0, path.lastIndexOf('/')));
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /// Sizes that a model could have, but not this file's: refused by the file's own tensors, before any memory.
    @Test
    void anotherModelsConfiguration() throws IOException {
        String config = Header.metadata(good).get("config").asText();
        Path video = clips.resolve("clip-0000.mp4");
        for (String[] change : new String[][] {{"\"depth\":2", "\"depth\":1000"},
                {"\"imgSize\":16", "\"imgSize\":8192"},
                {"\"embedDim\":12", "\"embedDim\":24999"}, {"\"numFrames\":4", "\"numFrames\":1000000"},
                {"\"clsEmbed\":true,", ""}, {"\"normPix\":true", "\"normPix\":1"}}) {
            assertTrue(config.contains(change[0]), config);
            Path file = with("config", config.replace(change[0], change[1]));
            assertTrue(refused(change[1], "reconstruct", "--checkpoint", file, "--video", video, "--out",
                    folder.resolve("pictures"), "--device", "loop"), change[1]);
        }
    }

    @Test
    void entriesOfTheMetadata() throws IOException {
        for (String entry : List.of("format", "objective", "step", "epoch", "batches", "dataset", "device", "config",
                "train", "crc32c")) {
            List<String> values = new ArrayList<>(VALUES);
            values.add(null);
            for (String value : values) {
                Path file = with(entry, value);
                refused(entry + " " + value, "info", file);
                refused(entry + " " + value,
                        TinyRun.pretrain(clips, folder.resolve("resumed"), "--resume", file, "--steps", 1));
            }
        }
        assertTrue(Files.notExists(folder.resolve("resumed/checkpoint-00000002.safetensors")));
    }
}
