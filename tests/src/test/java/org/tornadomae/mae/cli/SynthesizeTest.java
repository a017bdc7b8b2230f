package org.tornadomae.mae.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tornadomae.video.source.VideoList;

/// `synthesize` from the command line.
class SynthesizeTest {
    @TempDir
    private Path folder;

    private static Cli synthesize(Path out, int classes, int clips, long seed) {
        return Cli.run("synthesize", "--out", out, "--classes", classes, "--clips", clips, "--seed", seed);
    }

    @Test
    void writesListsThatTheLoaderReads() throws IOException {
        Path out = folder.resolve("shapes");
        Cli run = synthesize(out, 3, 18, 1);
        assertEquals(0, run.exitCode(), run.err());
        assertEquals(out + ": 3 classes; 15 clips in train.csv, 3 in val.csv", run.out().strip());
        assertEquals(List.of("disc rising", "disc falling", "disc passing"),
                Files.readAllLines(out.resolve("classes.txt")));
        VideoList train = VideoList.of(out.resolve("train.csv"));
        VideoList validation = VideoList.of(out.resolve("val.csv"));
        assertEquals(15, train.size());
        assertEquals(3, validation.size());
        TreeSet<String> names = new TreeSet<>();
        for (VideoList list : List.of(train, validation)) {
            TreeSet<Integer> labels = new TreeSet<>();
            for (int i = 0; i < list.size(); i++) {
                assertTrue(list.bytes(i).size() > 0, "the video is there");
                assertTrue(names.add(list.name(i)), "in one list only");
                labels.add(list.label(i));
            }
            assertEquals(List.of(0, 1, 2), List.copyOf(labels));
        }
    }

    @Test
    void theSeedDecides() throws IOException {
        for (String name : List.of("one", "same", "other")) {
            assertEquals(0, synthesize(folder.resolve(name), 2, 4, name.equals("other") ? 8 : 7).exitCode());
        }
        for (int i = 0; i < 4; i++) {
            String clip = "clips/clip-000" + i + ".mp4";
            byte[] one = Files.readAllBytes(folder.resolve("one").resolve(clip));
            assertArrayEquals(one, Files.readAllBytes(folder.resolve("same").resolve(clip)));
            assertFalse(Arrays.equals(one, Files.readAllBytes(folder.resolve("other").resolve(clip))));
        }
    }

    private static void fails(Cli run, String words) {
        assertNotEquals(0, run.exitCode());
        assertEquals(1, Collections.frequency(run.err().lines().map(line -> line.startsWith("mae: ")).toList(), true));
        assertTrue(run.err().contains(words), run::err);
    }

    @Test
    void wrongUsesGetOneLine() throws IOException {
        fails(synthesize(folder, 1, 10, 0), "--classes 1 must be from 2 to 40");
        fails(synthesize(folder, 41, 100, 0), "--classes 41 must be from 2 to 40");
        fails(synthesize(folder, 4, 7, 0), "--clips 7 must be at least 8");
        fails(Cli.run("synthesize", "--out", folder), "--classes");
        Path file = Files.writeString(folder.resolve("file"), "");
        fails(synthesize(file, 2, 4, 0), "cannot be written");
    }
}
