package org.tornadomae.video.clip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tornadomae.video.VideoException;
import org.tornadomae.video.Videos;
import org.tornadomae.video.codec.DamageReason;
import org.tornadomae.video.codec.ProcessDecoder;
import org.tornadomae.video.source.VideoList;
import org.tornadomae.video.synthetic.SyntheticClips;

/// Faults that pass change nothing; those that stay are said at once.
class PassingFaultTest {

    private static final int BATCHES = 5; // more than an epoch of 4 videos

    @TempDir
    private Path folder;
    private List<Path> clips;
    private final Queue<SkippedVideo> skipped = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void makeClips() throws IOException {
        clips = new SyntheticClips(48, 40, 12, 3).write(folder, 4);
    }

    private ClipLoader loader(VideoList videos) {
        LoaderConfig config =
                new LoaderConfig(new ClipShape(4, 24, 32), 2, 2, 1, new LoaderResources(2, 0, skipped::add));
        return new ClipLoader(videos, config, Videos.random(4), 0);
    }

    /// @param before is run with the number of each batch
    private static List<String> stream(ClipLoader loader, java.util.function.IntConsumer before) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < BATCHES; i++) {
            before.accept(i);
            ClipBatch batch = loader.next();
            lines.add(Arrays.toString(batch.videos()) + " " + Arrays.hashCode(batch.pixels()));
            batch.release();
        }
        return lines;
    }

    private List<String> undisturbed() {
        try (ClipLoader loader = loader(VideoList.of(folder))) {
            return stream(loader, _ -> {});
        }
    }

    private void move(String from, String to) {
        try {
            Files.move(folder.resolve(from), folder.resolve(to));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void videosThatAreAwayForHalfASecondAreWaitedFor() {
        List<String> expected = undisturbed();
        VideoList list = VideoList.of(folder);
        try (ClipLoader loader = loader(list)) {
            CompletableFuture<?>[] back = new CompletableFuture<?>[1];
            List<String> met = stream(loader, i -> {
                if (i == 2) {
                    clips.forEach(clip -> move(clip.getFileName().toString(), "." + clip.getFileName()));
                    back[0] = CompletableFuture.runAsync(
                            () -> clips.forEach(clip -> move("." + clip.getFileName(), clip.getFileName().toString())),
                            CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS));
                }
            });
            back[0].join();
            assertEquals(expected, met);
        }
        assertTrue(skipped.isEmpty(), skipped::toString);
    }

    @Test
    void aDecoderThatIsKilledFromOutsideChangesNothing() {
        List<String> expected = undisturbed();
        AtomicInteger killed = new AtomicInteger();
        List<ProcessHandle> before = ProcessHandle.current().children().toList();
        try (ProcessDecoder decoder = new ProcessDecoder();
                ClipLoader loader = loader(VideoList.of(folder).decodedBy(decoder))) {
            assertEquals(expected, stream(loader, i -> ProcessHandle.current().children()
                    .filter(child -> i == 1 && !before.contains(child)).forEach(child -> {
                        child.destroyForcibly();
                        killed.incrementAndGet();
                    })));
        }
        assertTrue(killed.get() > 0);
        assertTrue(skipped.isEmpty(), skipped::toString);
    }

    @Test
    void whatStaysAwayIsSaidAtOnce() throws IOException {
        Path list = Files.writeString(folder.resolve("list.csv"), clips.stream().map(clip -> clip.getFileName() + "\n")
                .collect(Collectors.joining("", "gone.mp4\n", "")));
        try (ClipLoader loader = loader(VideoList.of(list))) {
            stream(loader, _ -> {});
            assertEquals(List.of(new SkippedVideo(4, folder.resolve("gone.mp4").toString(), DamageReason.MISSING)),
                    List.copyOf(skipped));
        }
    }

    /// The list of other data: the time is that of a few waits, not of each row.
    @Test
    void aLongListOfNothingEndsSoon() throws IOException {
        Path list = Files.writeString(folder.resolve("list.csv"), IntStream.range(0, 100_000)
                .mapToObj(i -> "away/" + i + ".mp4 " + i % 400 + "\n").collect(Collectors.joining()));
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            VideoList videos = VideoList.of(list);
            assertEquals(100_000, videos.size());
            try (ClipLoader loader = loader(videos)) {
                String message = assertThrows(VideoException.class, loader::next).getMessage();
                assertTrue(message.matches(
                        "only 0 of the first 1\\d\\d\\d videos tried in .* can be used: 1\\d\\d\\d missing; .*"),
                        message);
            }
        });
    }
}
