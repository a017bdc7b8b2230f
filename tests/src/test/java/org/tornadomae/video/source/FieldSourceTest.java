package org.tornadomae.video.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tornadomae.video.FieldCases;
import org.tornadomae.video.Tars;
import org.tornadomae.video.VideoException;
import org.tornadomae.video.codec.Decoder;
import org.tornadomae.video.codec.ProcessDecoder;
import org.tornadomae.video.codec.VideoFrames;
import org.tornadomae.video.manifest.Doctor;
import org.tornadomae.video.manifest.Manifest;
import org.tornadomae.video.manifest.Summary;

/// The case set of the field, as far as it is about which videos there are and what their labels are.
class FieldSourceTest {

    @TempDir
    private static Path folder;
    @TempDir
    private Path own;
    private static Path cases;

    @BeforeAll
    static void unpack() throws IOException {
        cases = FieldCases.unpack(folder.resolve("cases"));
    }

    private static VideoList list(Object... data) {
        return VideoList.of(String.join(","
                + "", IntStream.range(0, data.length).mapToObj(i -> data[i].toString()).toList()),
                folder.resolve("index"));
    }

    private static List<String> labelled(VideoList list) {
        return IntStream.range(0, list.size()).mapToObj(i -> list.name(i) + " " + list.label(i)).toList();
    }

    private static int usable(VideoList list) {
        return (int) Doctor.examine(list, 1, () -> {}).entries().stream().filter(entry -> entry.usable()).count();
    }

    private VideoList csv(String text) throws IOException {
        return VideoList.of(Files.writeString(own.resolve("list.csv"), text));
    }

    private static String refused(Executable task) {
        String message = assertThrows(VideoException.class, task).getMessage();
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "pandas_space.csv|a.mp4 0;my videos/c c.mp4 1;d,e.mp4 2",
            "pandas_comma.csv|a.mp4 0;my videos/c c.mp4 1;d,e.mp4 2",
            "bom.csv|a.mp4 0;b.mp4 1",
            "videomaev2.csv|a.mp4 -1;b.mp4 -1",
            "total_frames.csv|a.mp4 0;b.mp4 1",
            "k_bom.csv|k/-BBBBBBBBBB_000002_000012.mp4 1;k/AAAAAAAAAAA_000001_000011.mp4 0",
            "plain.csv|youtube_ids/base.mp4 0;youtube_ids/bframes.mp4 1"})
    void listsOfTheFieldAreUnderstood(String csv, String expected) {
        VideoList list = VideoList.of(cases.resolve("csv").resolve(csv));
        assertEquals(List.of(expected.split(";")), labelled(list));
        assertEquals(list.size(), usable(list));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"x y.mp4\",3\r\nz.mp4,4\r\n", "path;label\nx y.mp4;3\n\"z.mp4\";4\n", "x "
            + "y.mp4\t3\nz.mp4\t4\n",
            "label,path\n3,x y.mp4\n4,z.mp4\n", ",path,label\n0,x y.mp4,3\n1,z.mp4,4\n", "3 x y.mp4\n4 z.mp4\n",
            "Video,Split,Label\nx y.mp4,train,3.0\nz.mp4,train,4.0\n", "x y.mp4 70 3\nz.mp4 10 4\n", "x "
                    + "y.mp4,3.0\nz.mp4,4\n",
            "name,label,label_id\nx y.mp4,run,3\nz.mp4,walk,4\n"})
    void everyFormatIsRead(String text) throws IOException {
        assertEquals(List.of("x y.mp4 3", "z.mp4 4"), labelled(csv(text)));
    }

    @Test
    void classNamesAreNumberedAndMissingLabelsSaid() throws IOException {
        assertEquals(List.of("a.mp4 1", "b.mp4 0"), labelled(csv("path,class\na.mp4,walk\nb.mp4,\"run, fast\"\n")));
        VideoList none = csv("path,split\na.mp4,train\nb.mp4,train\n");
        assertEquals(List.of("2 of 2 rows in " + own.resolve("list.csv") + " have no label"), none.report().lines());
        assertTrue(refused(none::requireLabels).startsWith(own.resolve("list.csv") + " gives no label for a.mp4"));
        assertTrue(refused(() -> csv("path,label\na.mp4,walk\nb.mp4,3\n")).contains("both words and numbers"));
        assertTrue(refused(() -> csv("a.mp4 0\nb.mp4 1\na.mp4 1\n")).contains("'a.mp4' with label 0 and 'a.mp4' with"));
        String tried = refused(() -> csv("a.mp4 0\nb.mp4 zero\n"));
        for (String format : List.of("path label", "label path", "path frames label", "youtube_id,", "path,label")) {
            assertTrue(tried.contains(format), tried);
        }
    }

    @Test
    void kineticsRowsMayBeQuotedFractionalAndInAnyOrder() throws IOException {
        Files.createFile(own.resolve("AAAAAAAAAAA_000001_000011.mp4"));
        VideoList list = csv("split,youtube_id,time_end,label,time_start\n"
                + "train,\"AAAAAAAAAAA\",11.0,\"passing, American football\",1.0\n");
        assertEquals(List.of("AAAAAAAAAAA_000001_000011.mp4 0"), labelled(list));
        assertTrue(refused(() -> csv("youtube_id,time_start,time_end\nx,0.5,10\n")).contains("time_start is '0.5'"));
    }

    @Test
    void oneNameInTwoFoldersIsTwoVideos() throws Exception {
        Path cls = cases.resolve("cls");
        List<String> expected = List.of("run/001.mp4 0", "walk/001.mp4 1", "walk/002.mp4 1");
        assertEquals(expected, labelled(list(cls.resolve("list.csv"), cls)));
        assertEquals(expected, labelled(list(cls, cls.resolve("list.csv"))));
        assertEquals(3, list(cls.resolve("run"), cls.resolve("walk")).size());
        Path tar = Tars.plain(own.resolve("cls.tar"), out -> {
            for (String name : List.of("run/001.mp4", "walk/001.mp4", "walk/002.mp4")) {
                Tars.add(out, "data/" + name, Files.readAllBytes(cls.resolve(name)));
            }
        });
        assertEquals(List.of("data/run/001.mp4 0", "data/walk/001.mp4 1", "data/walk/002.mp4 1"),
                labelled(list(cls.resolve("list.csv"), tar)));
        Path bare = Files.writeString(own.resolve("bare.csv"), "001.mp4 0\n002.mp4 1\n");
        String ambiguous = refused(() -> list(bare, tar));
        assertTrue(ambiguous.contains(tar + "!data/run/001.mp4 or " + tar + "!data/walk/001.mp4"), ambiguous);
        Path wrong = Files.writeString(own.resolve("wrong.csv"), "run/002.mp4 0\nwalk/001.mp4 1\n");
        assertEquals(List.of("walk/001.mp4 1"), labelled(list(wrong, cls)), "run/002.mp4 is not walk/002.mp4");
    }

    @Test
    void aManifestDoesNotDifferFromItself() {
        VideoList list = list(cases.resolve("cls"));
        Manifest manifest = Doctor.examine(list, 1, () -> {});
        assertEquals(List.of(), Summary.changes(manifest, manifest));
        assertEquals(3, manifest.choose(list, own.resolve("m.jsonl")).size());
    }

    @Test
    void shardsOfEqualKeysKeepTheirVideos() throws Exception {
        for (int shard = 0; shard < 3; shard++) {
            byte[] video = {(byte) shard};
            Tars.plain(own.resolve("shard-" + shard + ".tar"), out -> {
                Tars.add(out, "000000.mp4", video);
                Tars.add(out, "000001.mp4", video);
            });
        }
        VideoList list = list(own);
        assertEquals(6, list.size());
        assertEquals(list.fingerprint(), list(own).fingerprint());
        assertEquals(6, list(own, own.resolve("shard-1.tar")).size(), "a source given twice counts once");
        Manifest manifest = Doctor.examine(list, 1, () -> {});
        assertEquals(List.of(), Summary.changes(manifest, manifest));
        Tars.plain(own.resolve("replacement.tar"), out -> Tars.add(out, "000001.mp4", new byte[] {9}));
        assertTrue(refused(() -> list(own)).contains("shard-0.tar!000001.mp4 or "));
    }

    @Test
    void frameFoldersAreVideosAndPicturesAreNot() throws Exception {
        Path raw = cases.resolve("raw");
        assertEquals(List.of("class1/vid1 -1", "class1/vid2 -1"), labelled(VideoList.of(raw)));
        VideoList list = VideoList.of(raw.resolve("list.txt"));
        assertEquals(List.of("class1/vid1 0", "class1/vid2 1"), labelled(list));
        try (Decoder processes = new ProcessDecoder()) {
            for (Decoder decoder : List.of(Decoder.IN_THREAD, processes)) {
                try (VideoFrames frames = decoder.open(list.bytes(1))) {
                    while (frames.next()) {
                        frames.rgb(new byte[frames.width() * frames.height() * 3]);
                    }
                    assertEquals("6 30.0 mjpeg", frames.decoded() + " " + frames.fps() + " " + frames.codec());
                }
            }
        }
        assertEquals(30, Doctor.examine(list, 1, () -> {}).entries().getFirst().fps());
        assertArrayEquals(first(VideoList.of(raw)), first(list("", raw.resolve("class1/vid1"))));
    }

    private static byte[] first(VideoList list) throws Exception {
        try (VideoFrames frames = list.open(0)) {
            frames.next();
            byte[] rgb = new byte[frames.width() * frames.height() * 3];
            frames.rgb(rgb);
            return rgb;
        }
    }

    @Test
    void whatIsNoVideoIsCountedNotTrainedOn() throws Exception {
        Path jpg = cases.resolve("raw/class1/vid1/img_00003.jpg");
        for (String name : List.of("a.jpg", "n01440764_10026.JPEG", "n01440764_9.JPEG", "clip.mp4", "clip.jpg",
                "half.mp4.part")) {
            Files.copy(name.equals("clip.mp4") ? cases.resolve("cls/run/001.mp4") : jpg, own.resolve(name));
        }
        VideoList all = VideoList.of(own);
        assertEquals(List.of("a.jpg", "clip.mp4", "n01440764_10026.JPEG", "n01440764_9.JPEG"), Tars.names(all));
        List<String> left = List.of("1 unfinished downloads left out, such as half.mp4.part",
                "1 thumbnails of videos left out, such as clip.jpg");
        assertEquals(left, all.report().lines());
        VideoList moving = all.withoutPictures();
        assertEquals(List.of("clip.mp4"), Tars.names(moving));
        assertEquals("3 single pictures, which are used with 1 frame only (left "
                + "out)", moving.report().lines().getLast());
        Files.delete(own.resolve("clip.mp4"));
        assertTrue(refused(() -> VideoList.of(own).withoutPictures()).contains("4 single pictures"));
    }

    @Test
    void anUnreadableFolderIsALineOfTheReport() throws Exception {
        VideoFolder.Visitor visitor = new VideoFolder.Visitor(own);
        Path lost = own.resolve("lost+found");
        assertEquals(FileVisitResult.CONTINUE,
                visitor.visitFileFailed(lost, new AccessDeniedException(lost.toString())));
        assertEquals(List.of(lost + " left out: permission denied"), visitor.listing().notes());
        assertThrows(AccessDeniedException.class,
                () -> visitor.visitFileFailed(own, new AccessDeniedException(own.toString())));
    }

    /// Names in Chinese, Japanese and Latin-1, from a JVM that knows ASCII alone and from one that knows UTF-8.
    @ParameterizedTest
    @ValueSource(strings = {"C", "C.UTF-8"})
    void namesAreBytesInEveryLocale(String locale) throws Exception {
        Path intl = Files.createDirectories(own.resolve("intl"));
        byte[] latin1 = "caf\u00e9 1.mp4".getBytes(StandardCharsets.ISO_8859_1);
        Files.copy(cases.resolve("intl/plain.mp4"), FieldCases.file(intl, latin1));
        Files.copy(cases.resolve("intl/plain.mp4"),
                FieldCases.file(intl, "\u4e2d\u56fd.mp4".getBytes(StandardCharsets.UTF_8)));
        Path list = Files.write(intl.resolve("list.csv"), "path,label\n\"".getBytes(StandardCharsets.UTF_8));
        Files.write(list, latin1, StandardOpenOption.APPEND);
        Files.write(list, "\",1\n\u4e2d\u56fd.mp4,2\n".getBytes(StandardCharsets.UTF_8), StandardOpenOption.APPEND);
        assertEquals(List.of("caf\\xE9 1.mp4 1", "\u4e2d\u56fd.mp4 2"), labelled(VideoList.of(list)));
        Map<String, Integer> expected = Map.of(cases.resolve("intl") + "," + intl, 5, list.toString(), 2);
        for (Map.Entry<String, Integer> data : expected.entrySet()) {
            Path manifest = own.resolve("manifest.jsonl");
            String said =
                    mae(locale, "doctor", "--data", data.getKey(), "--workers", "1", "--out", manifest.toString());
            assertTrue(said.contains(data.getValue() + " videos: " + data.getValue() + " usable"), said);
            assertTrue(Files.readString(manifest).contains("\u4e2d\u56fd.mp4"));
        }
    }

    private static String mae(String locale, String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-cp", System.getProperty("java.class.path"), "org.tornadomae.mae.cli.MaeCli"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", locale);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(1, TimeUnit.MINUTES));
        return said;
    }
}
