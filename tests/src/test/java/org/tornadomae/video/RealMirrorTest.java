package org.tornadomae.video;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tornadomae.video.clip.ClipBatch;
import org.tornadomae.video.clip.ClipLoader;
import org.tornadomae.video.clip.ClipShape;
import org.tornadomae.video.clip.LoaderConfig;
import org.tornadomae.video.clip.LoaderResources;
import org.tornadomae.video.manifest.Doctor;
import org.tornadomae.video.manifest.Manifest;
import org.tornadomae.video.source.VideoList;
import org.tornadomae.video.synthetic.SyntheticClips;

/// Clips in several codecs, packed as K400's mirror packs its own, give the batches of the unpacked folder.
class RealMirrorTest {

    private static final int BATCHES = 7; // three in an epoch

    @TempDir
    private static Path folder;

    /// Two parts, one of them a plain tar with another name and layout, and the replacements of what is broken in them.
    private static VideoList mirror(List<Path> clips) throws IOException {
        Path mirror = Files.createDirectories(folder.resolve("mirror"));
        Tars.gzipped(mirror.resolve("part_0.tar.gz"), 6, tar -> {
            for (Path clip : clips.subList(0, 4)) {
                Tars.add(tar, "./" + clip.getFileName(), Files.readAllBytes(clip));
            }
        });
        Tars.plain(mirror.resolve("part_1.tar.gz"), tar -> {
            for (Path clip : clips.subList(4, clips.size())) {
                byte[] bytes = Files.readAllBytes(clip);
                Tars.add(tar, "k400/val/" + clip.getFileName(), Arrays.copyOf(bytes, bytes.length / 3));
            }
        });
        Tars.gzipped(mirror.resolve("replacement_for_corrupted.tgz"), 1, tar -> {
            for (Path clip : clips.subList(4, clips.size())) {
                Tars.add(tar, "new/" + clip.getFileName(), Files.readAllBytes(clip));
            }
        });
        return VideoList.of(mirror.toString(), folder.resolve("index"));
    }

    private static List<String> stream(VideoList videos, int workers, int first) {
        LoaderConfig config = new LoaderConfig(new ClipShape(8, 56, 56), 4, 3, 2, new LoaderResources(workers));
        List<String> lines = new ArrayList<>();
        try (ClipLoader loader = new ClipLoader(videos, config, Videos.random(4), first)) {
            for (int i = first; i < BATCHES; i++) {
                ClipBatch batch = loader.next();
                lines.add(batch.index() + " " + Arrays.toString(batch.videos()) + " "
                        + Arrays.hashCode(batch.pixels()));
                batch.release();
            }
        }
        return lines;
    }

    /** Eight clips of three sizes in three containers. */
    private static Path clips() throws Exception {
        Path clips = folder.resolve("clips");
        List<Path> small = new SyntheticClips(64, 48, 40, 5).write(clips.resolve("a"), 3);
        new SyntheticClips(80, 120, 20, 6).write(clips.resolve("b"), 2);
        new SyntheticClips(96, 96, 9, 7).write(clips.resolve("c"), 1);
        Videos.otherContainers(small.getFirst(), 64, 48, clips.resolve("c"));
        Path flat = Files.createDirectories(folder.resolve("flat"));
        try (Stream<Path> all = Files.walk(clips)) {
            for (Path clip : all.filter(Files::isRegularFile).toList()) {
                Files.move(clip, flat.resolve(clip.getParent().getFileName() + "-" + clip.getFileName()));
            }
        }
        return flat;
    }

    @Test
    void batchesAreThoseOfTheFolderForAnyNumberOfWorkersAndFromAnyBatch() throws Exception {
        Path unpacked = clips();
        VideoList folderList = VideoList.of(unpacked);
        Manifest manifest = new Manifest(Doctor.examine(folderList, 2, () -> {}).entries().reversed());
        VideoList list = manifest.choose(folderList, Path.of("manifest"));
        VideoList packed;
        try (Stream<Path> clips = Files.list(unpacked)) {
            packed = manifest.choose(mirror(clips.sorted().toList()), Path.of("manifest"));
        }
        assertEquals(list.fingerprint(), packed.fingerprint());
        List<String> expected = stream(list, 2, 0);
        assertEquals(BATCHES, new HashSet<>(expected).size());
        for (int workers : new int[] {1, 2, 8}) {
            assertEquals(expected, stream(packed, workers, 0), workers + " workers");
        }
        for (int first : new int[] {1, 5}) { // in the middle of an epoch
            assertEquals(expected.subList(first, BATCHES), stream(packed, 2, first), "from batch " + first);
        }
    }
}
