package org.tornadomae.video;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tornadomae.video.codec.DamageReason;
import org.tornadomae.video.codec.ProcessDecoder;
import org.tornadomae.video.manifest.Doctor;
import org.tornadomae.video.manifest.Entry;
import org.tornadomae.video.source.VideoList;
import org.tornadomae.video.synthetic.SyntheticClips;

/// A thousand inputs that nobody would call videos, or not any more. Archives have [HostileArchiveTest].
class HostileTest {

    private static final int INPUTS = 1000;
    private static final Duration EACH = Duration.ofSeconds(10);

    @TempDir
    private static Path folder;

    /// What is done to a good video.
    private enum Damage {
        BIT_FLIP {
            @Override
            byte[] to(byte[] video, SplittableRandom random) {
                video[random.nextInt(video.length)] ^= (byte) (1 << random.nextInt(8));
                return video;
            }
        },
        MANY_FLIPS {
            @Override
            byte[] to(byte[] video, SplittableRandom random) {
                for (int k = 0; k < 60; k++) {
                    video[random.nextInt(video.length)] = (byte) random.nextInt(256);
                }
                return video;
            }
        },
        CUT_ANYWHERE {
            @Override
            byte[] to(byte[] video, SplittableRandom random) {
                return Arrays.copyOf(video, 1 + random.nextInt(video.length));
            }
        },
        /// Before, inside and right after the header of a part.
        CUT_AT_A_BOUNDARY {
            @Override
            byte[] to(byte[] video, SplittableRandom random) {
                int part = part(video, random);
                return Arrays.copyOf(video, Math.max(0, part + new int[] {-4, -1, 0, 2, 4, 8}[random.nextInt(6)]));
            }
        },
        /// A number right behind the name of a part: a size, a count, a width.
        ABSURD_HEADER {
            @Override
            byte[] to(byte[] video, SplittableRandom random) {
                int number = part(video, random) + new int[] {-4, 4, 8, 12, 16, 32}[random.nextInt(6)];
                byte value = new byte[] {0, 0x7f, (byte) 0xff}[random.nextInt(3)];
                Arrays.fill(video, Math.clamp(number, 0, video.length), Math.clamp(number + 4L, 0, video.length),
                        value);
                return video;
            }
        },
        HOLE {
            @Override
            byte[] to(byte[] video, SplittableRandom random) {
                int from = random.nextInt(video.length);
                Arrays.fill(video, from, Math.min(video.length, from + 1 + random.nextInt(2000)), (byte) 0);
                return video;
            }
        },
        A_PIECE_TWICE {
            @Override
            byte[] to(byte[] video, SplittableRandom random) {
                int from = random.nextInt(video.length / 2);
                System.arraycopy(video, from, video, random.nextInt(video.length / 2), video.length / 2 - 1);
                return video;
            }
        },
        NO_VIDEO {
            @Override
            byte[] to(byte[] video, SplittableRandom random) throws IOException {
                Path file = folder.resolve("none");
                return Files.readAllBytes(switch (random.nextInt(5)) {
                    case 0 -> Videos.text(file);
                    case 1 -> Videos.sound(file);
                    case 2 -> Videos.noise(file);
                    case 3 -> Videos.zeros(file);
                    default -> Videos.empty(file);
                });
            }
        };

        /// @param video a copy of its own
        abstract byte[] to(byte[] video, SplittableRandom random) throws IOException;

        /// Where some part of a file begins: they have names of four letters.
        private static int part(byte[] video, SplittableRandom random) {
            String text = new String(video, StandardCharsets.ISO_8859_1);
            List<Integer> parts = Stream.of("ftyp", "free", "mdat", "moov", "mvhd", "trak", "tkhd", "mdhd", "stsd",
                    "avc1", "avcC", "stts", "stsc", "stsz", "stco", "GIF8", "NETS", "RIFF", "avih", "strh", "strf",
                    "movi", "00dc", "idx1")
                    .map(text::indexOf).filter(at -> at >= 0).toList();
            return parts.get(random.nextInt(parts.size()));
        }
    }

    private static List<Path> originals() throws Exception {
        List<Path> files = new ArrayList<>(new SyntheticClips(64, 48, 12, 5).write(folder.resolve("good"), 3));
        files.addAll(Videos.otherContainers(files.getFirst(), 64, 48, folder));
        return files;
    }

    @Test
    void aThousandHostileInputsAreCountedAndNoneHangs() throws Exception {
        List<Path> originals = originals();
        Path hostile = Files.createDirectories(folder.resolve("hostile"));
        SplittableRandom random = new SplittableRandom(17);
        for (int i = 0; i < INPUTS; i++) {
            byte[] video = Files.readAllBytes(originals.get(i / Damage.values().length % originals.size()));
            Damage damage = Damage.values()[i % Damage.values().length];
            Files.write(hostile.resolve(String.format("%04d-%s.mp4", i, damage)), damage.to(video, random));
        }
        long before = files();
        VideoList list = VideoList.of(hostile);
        List<Entry> entries = new ArrayList<>();
        try (ProcessDecoder decoder = new ProcessDecoder()) {
            for (int i = 0; i < list.size(); i++) {
                VideoList one = list.choose(list.videos().subList(i, i + 1)).decodedBy(decoder);
                entries.addAll(assertTimeoutPreemptively(EACH, () -> Doctor.examine(one, 1, () -> {}).entries(),
                        one.name(0)));
            }
        }
        assertEquals(INPUTS, entries.size());
        Set<String> reasons = EnumSet.of(DamageReason.EMPTY, DamageReason.NOT_A_VIDEO, DamageReason.NO_VIDEO_STREAM,
                DamageReason.TRUNCATED, DamageReason.NO_FRAMES, DamageReason.UNSUPPORTED).stream()
                .map(DamageReason::toString).collect(Collectors.toSet());
        assertEquals(reasons,
                entries.stream().filter(entry -> !entry.usable()).map(Entry::reason).collect(Collectors.toSet()));
        assertEquals(before, files(), "nothing is written");
    }

    private static long files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.count();
        }
    }
}
