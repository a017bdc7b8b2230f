package org.tornadomae.mae.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tornadomae.video.Tars;

/// `--data`, `--manifest`, `--decoder` and `doctor` from the command line.
class DataTest {
    private static final String LAST = "checkpoint-00000004.safetensors";

    @TempDir
    private static Path folder;
    private static Path clips;
    private static Path archive;
    private static Path manifest;

    @BeforeAll
    static void prepare() throws IOException {
        clips = TinyRun.clips(folder);
        Files.writeString(clips.resolve("damaged.mp4"), "this is no video");
        archive = Tars.gzipped(folder.resolve("part_0.tar.gz"), 6, Tars.of(clips, "k400/"));
        manifest = folder.resolve("manifest.jsonl");
        Cli doctor = Cli.run("doctor", "--data", clips, "--out", manifest, "--workers", 2);
        assertEquals(0, doctor.exitCode(), doctor.err());
        assertTrue(doctor.out().startsWith("7 videos: 6 usable with 144 frames, 1 damaged\n         1 not a video\n"),
                doctor.out());
    }

    private static Cli pretrain(Path data, String out, Object... more) {
        Object[] options = new Object[more.length + 4];
        System.arraycopy(more, 0, options, 0, more.length);
        System.arraycopy(new Object[] {"--manifest", manifest, "--index-dir", folder.resolve("index")}, 0, options,
                more.length, 4);
        return Cli.run(TinyRun.pretrain(data, folder.resolve(out), options));
    }

    @Test
    void weightsAreTheSameHoweverTheVideosArePackedAndDecoded() throws IOException {
        Cli fromFolder = pretrain(clips, "folder", "--steps", 4);
        assertEquals(0, fromFolder.exitCode(), fromFolder.err());
        assertTrue(fromFolder.err().contains("data: 1 videos left out, as " + manifest + " says"), fromFolder.err());
        assertEquals(0, pretrain(archive, "archive", "--steps", 4, "--workers", 3).exitCode());
        assertEquals(0, pretrain(archive, "process", "--steps", 4, "--decoder", "process", "--prefetch", 0).exitCode());
        byte[] expected = Files.readAllBytes(folder.resolve("folder").resolve(LAST));
        for (String other : List.of("archive", "process")) {
            assertArrayEquals(expected, Files.readAllBytes(folder.resolve(other).resolve(LAST)), other);
        }
    }

    @Test
    void aRunGoesOnFromOtherPacking() throws IOException {
        assertEquals(0, pretrain(clips, "mixed", "--steps", 4, "--save-every", 2).exitCode());
        byte[] expected = Files.readAllBytes(folder.resolve("mixed").resolve(LAST));
        Files.delete(folder.resolve("mixed").resolve(LAST));
        assertEquals(0, pretrain(archive, "mixed", "--steps", 4, "--save-every", 2).exitCode());
        assertArrayEquals(expected, Files.readAllBytes(folder.resolve("mixed").resolve(LAST)));
    }

    @Test
    void doctorComparesManifests() throws IOException {
        Path packed = folder.resolve("packed.jsonl");
        Cli doctor = Cli.run("doctor", "--data", archive, "--out", packed, "--index-dir", folder.resolve("index"),
                "--val", clips);
        assertEquals(0, doctor.exitCode(), doctor.err());
        assertTrue(doctor.out().contains("7 are also in " + clips), doctor.out());
        assertEquals("no difference", Cli.run("doctor", "--compare", manifest, packed).out().strip());
        Files.writeString(packed, Files.readString(packed).replaceFirst("(?s)\n.*", "\n"));
        assertTrue(Cli.run("doctor", "--compare", manifest, packed).out().startsWith("6 gone: "));
    }

    private static void fails(Cli run, String... words) {
        assertNotEquals(0, run.exitCode());
        List<String> lines = run.err().lines().filter(line -> line.startsWith("mae: ")).toList();
        assertEquals(1, lines.size(), run.err());
        for (String word : words) {
            assertTrue(lines.getFirst().contains(word), lines::getFirst);
        }
    }

    @Test
    void wrongUsesGetOneLine() throws IOException {
        fails(Cli.run("doctor"), "--data", "--compare");
        fails(Cli.run("doctor", "--data", folder.resolve("nowhere")), "no such file or folder");
        fails(Cli.run("doctor", "--data", clips, "--workers", 0), "--workers 0");
        fails(Cli.run("doctor", "--compare", manifest, folder.resolve("none")), "no such manifest");
        fails(Cli.run("doctor", "--data", clips, "--out", folder.resolve("no/where.jsonl")), "cannot write",
                "no such folder");
        Cli doctor = Cli.run("doctor", "--data", clips, "--out", folder.resolve("unwritten.jsonl"), "--val",
                folder.resolve("nowhere"));
        fails(doctor, "no such file or folder");
        assertEquals("", doctor.out(), "mistakes are found before the work");
        Path empty = Tars.plain(folder.resolve("empty.tar"), _ -> {});
        fails(Cli.run("doctor", "--data", empty), "no videos in " + empty, "empty archive");
        Path csv = Files.writeString(folder.resolve("val.csv"), "other.mp4 1\n");
        fails(Cli.run("doctor", "--data", archive, "--index-dir", csv), "cannot index", "(--index-dir)");
        fails(Cli.run("doctor", "--data", csv + "," + archive, "--index-dir", folder.resolve("index")),
                "none of the 7 videos is named in " + csv);
        Path other = Files.createDirectories(folder.resolve("other"));
        Files.copy(clips.resolve("clip-0000.mp4"), other.resolve("clip-0000.mp4"));
        fails(pretrain(other, "out"), manifest + " is the manifest of other data than " + other);
        fails(pretrain(clips, "out", "--prefetch", -1), "--prefetch -1");
        fails(pretrain(clips, "out", "--decoder", "magic"), "--decoder", "magic");
    }
}
