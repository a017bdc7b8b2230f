package org.tornadomae.video.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tornadomae.video.VideoException;
import org.tornadomae.video.Videos;

class VideoListTest {

    @TempDir
    private Path folder;

    @BeforeEach
    void someFiles() throws IOException {
        for (String name : List.of("b.mp4", "a/z.webm", "a/clip one.mp4", "c", "a.avi")) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, name);
        }
    }

    private static List<String> names(VideoList list) {
        return IntStream.range(0, list.size()).mapToObj(list::name).toList();
    }

    private VideoList csv(String text) throws IOException {
        return VideoList.of(Files.writeString(folder.resolve("train.csv"), text));
    }

    private String refused(String text) {
        return assertThrows(VideoException.class, () -> csv(text)).getMessage();
    }

    @Test
    void aFolderIsListedInOrderWithoutHiddenAndSideFiles() throws IOException {
        Files.createDirectories(folder.resolve(".cache"));
        for (String name : List.of(".hidden.mp4", ".cache/x.mp4", "notes.TXT", "train.csv", "meta.json", "README.md")) {
            Files.writeString(folder.resolve(name), "x");
        }
        VideoList list = VideoList.of(folder);
        assertEquals(List.of("a.avi", "b.mp4", "c", "a/clip one.mp4", "a/z.webm"), names(list));
        assertEquals(folder.resolve("a/z.webm").toString(), list.bytes(4).toString());
        assertEquals(VideoList.NO_LABEL, list.label(2));
        assertEquals(folder.toString(), list.source());
    }

    @Test
    void linksAreFollowedOnceAndBrokenOnesListed() throws IOException {
        Files.createSymbolicLink(folder.resolve("a/loop"), folder);
        Files.createSymbolicLink(folder.resolve("d.mp4"), folder.resolve("gone.mp4"));
        assertEquals(List.of("a.avi", "b.mp4", "c", "a/clip one.mp4", "d.mp4", "a/z.webm"),
                names(VideoList.of(folder)));
    }

    @Test
    void aCsvOfTheFolderIsTheSameList() throws IOException {
        VideoList listed = VideoList.of(folder);
        VideoList list = csv("b.mp4 3\r\n\na/z.webm 1\n" + folder.resolve("a.avi") + " 0\nc\na/clip one.mp4 12\n");
        assertEquals(names(listed), names(list));
        assertEquals(List.of(0, 3, -1, 12, 1), IntStream.range(0, 5).mapToObj(list::label).toList());
        assertEquals(listed.fingerprint(), list.fingerprint());
        assertEquals(listed.bytes(1).toString(), list.bytes(1).toString());
    }

    @Test
    void commasSeparateToo() throws IOException {
        VideoList list = csv("b.mp4,3\na/clip one.mp4, 4\n../elsewhere/x.mp4,7\n");
        assertEquals(List.of(3, 4), List.of(list.label(0), list.label(1)));
        assertEquals("a/clip one.mp4", list.name(1));
        assertEquals(folder.resolveSibling("elsewhere/x.mp4").toString(), list.bytes(2).toString());
    }

    @Test
    void aPathWithSpacesAndNoLabelIsAskedOfTheFileSystem() throws IOException {
        assertEquals(List.of("a/clip one.mp4"), names(csv("a/clip one.mp4\n")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"b.mp4 dog", "b.mp4,dog", "b.mp4 -2", "b.mp4 1.5", ",4", "17", "b\0.mp4 3",
            "b.mp4 99999999999"})
    void aBrokenRowNamesItsLineAndWhatIsExpected(String row) {
        String message = refused("b.mp4 0\n\n" + row + "\n");
        assertTrue(message.startsWith(folder.resolve("train.csv") + ":3: broken row"), message);
        assertTrue(message.contains("expected 'path label'"), message);
    }

    @Test
    void nothingToTrainOnIsSaidInOneLine() throws IOException {
        Path none = folder.resolve("none");
        assertEquals("no such file or folder: " + none,
                assertThrows(VideoException.class, () -> VideoList.of(none)).getMessage());
        Files.createDirectory(none);
        Files.writeString(none.resolve("notes.txt"), "no videos here");
        assertTrue(assertThrows(VideoException.class, () -> VideoList.of(none)).getMessage()
                .startsWith("no videos in " + none));
        assertTrue(refused("\n\n").startsWith("no videos in "));
        Path binary = Videos.noise(folder.resolve("noise.mp4"));
        String message = assertThrows(VideoException.class, () -> VideoList.of(binary)).getMessage();
        assertTrue(message.contains("neither a folder of videos, a tar archive nor a csv list"), message);
    }

    @Test
    void theFingerprintSeesNamesAndSizes() throws IOException {
        String before = VideoList.of(folder).fingerprint();
        assertTrue(before.matches("[0-9a-f]{64}"), before);
        assertEquals(before, VideoList.of(folder).fingerprint());
        Files.writeString(folder.resolve("b.mp4"), "longer than before");
        String resized = VideoList.of(folder).fingerprint();
        assertNotEquals(before, resized);
        Files.move(folder.resolve("b.mp4"), folder.resolve("bb.mp4"));
        assertNotEquals(resized, VideoList.of(folder).fingerprint());
    }
}
