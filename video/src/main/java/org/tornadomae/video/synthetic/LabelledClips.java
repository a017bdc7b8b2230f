package org.tornadomae.video.synthetic;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.tornadomae.video.codec.FrameEncoder;

/// Writes a small data set to learn classes from: a shape in front of a moving background, whose class is its outline
/// and its motion together. Each outline comes with several motions, so that one frame is not enough. The same
/// arguments give the same files.
///
/// @param classes K, from 2 to [#MAX_CLASSES]
/// @param seed    chooses everything but the class
public record LabelledClips(int classes, long seed) {

    /// As many as there are outlines and motions to combine.
    public static final int MAX_CLASSES = MovingShape.Form.values().length * Motion.values().length;

    private static final int SIDE = 96; // pixels
    private static final int FRAMES = 64;
    private static final double FPS = SyntheticClips.FPS;
    private static final int VALIDATION_PART = 5; // one in so many rounds of the classes
    private static final double REACH = 1.25; // no outline goes further from its centre, in units of its size

    /// Numbers of videos in each list.
    ///
    /// @param train      in `train.csv`
    /// @param validation in `val.csv`
    public record Written(int train, int validation) {
    }

    /// @throws IllegalArgumentException when there are no such classes
    public LabelledClips {
        if (classes < 2 || classes > MAX_CLASSES) {
            throw new IllegalArgumentException("classes must be 2 to " + MAX_CLASSES + ": " + classes);
        }
    }

    /// Names of the classes, e.g. `ring rising`.
    public List<String> names() {
        return IntStream.range(0, classes)
                .mapToObj(label -> (form(label) + " " + motion(label)).toLowerCase(Locale.ROOT)).toList();
    }

    /// Writes `clips/clip-0000.mp4`, …, then `train.csv` and `val.csv` (a path and a label a line) and `classes.txt` (a
    /// name a line), over any of the same names. The classes take turns; every fifth round is for validation.
    ///
    /// @param folder is created if need be
    /// @param count  videos, at least 2·K so that either list has every class
    /// @param done   called once per video, on any thread
    /// @throws IOException when they cannot be written
    public Written write(Path folder, int count, Runnable done) throws IOException {
        if (count < 2 * classes) {
            throw new IllegalArgumentException(count + " videos for " + classes + " classes");
        }
        Path clips = Files.createDirectories(folder.resolve("clips"));
        try {
            IntStream.range(0, count).parallel().forEach(i -> {
                write(clips.resolve(name(i)), i);
                done.run();
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        List<String> train = new ArrayList<>();
        List<String> validation = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<String> list = i / classes % VALIDATION_PART == 1 ? validation : train;
            list.add("clips/" + name(i) + " " + i % classes);
        }
        Files.write(folder.resolve("train.csv"), train);
        Files.write(folder.resolve("val.csv"), validation);
        Files.write(folder.resolve("classes.txt"), names());
        return new Written(train.size(), validation.size());
    }

    private static String name(int index) {
        return String.format(Locale.ROOT, "clip-%04d.mp4", index);
    }

    /// Motions per outline, more of them than of outlines: in one frame only the outline shows.
    private int motions() {
        int forms = Math.max(1, (int) Math.rint(Math.sqrt((double) classes * MovingShape.Form.values().length
                / Motion.values().length)));
        return Math.ceilDiv(classes, forms);
    }

    MovingShape.Form form(int label) {
        return MovingShape.Form.values()[label / motions()];
    }

    Motion motion(int label) {
        return Motion.values()[label % motions()];
    }

    private void write(Path file, int index) {
        Video video = Video.random(new SplittableRandom(new SplittableRandom(seed).nextLong() + index));
        byte[] rgb = new byte[SIDE * SIDE * FrameEncoder.CHANNELS];
        try (FrameEncoder encoder = FrameEncoder.mp4(file, SIDE, SIDE, FPS)) {
            for (int frame = 0; frame < FRAMES; frame++) {
                video.paint(form(index % classes), motion(index % classes), frame / FPS, rgb);
                encoder.write(rgb);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// All of a video but its class.
    record Video(Scene.Background background, double[] rgb, Motion.Start start, double angle, double spin) {

        static Video random(RandomGenerator random) {
            double hue = random.nextDouble();
            return new Video(Scene.Background.random(hue, random),
                    Scene.hsv(hue + 0.5, random.nextDouble(0.6, 0.95), random.nextDouble(0.8, 1)),
                    Motion.Start.random(random), random.nextDouble(2 * Math.PI), random.nextDouble(-1.5, 1.5));
        }

        /// Paints a frame of it, `[96][96][3]` bytes.
        void paint(MovingShape.Form form, Motion motion, double seconds, byte[] pixels) {
            Scene.paint(background, poses(form, motion.after(start, seconds), angle + spin * seconds), seconds, SIDE,
                    SIDE, pixels);
        }

        /// The shape, and again on the other side what of it is beyond an edge.
        private List<MovingShape.Pose> poses(MovingShape.Form form, Motion.Start at, double turned) {
            MovingShape shape = new MovingShape(form, rgb, at.size(), at.x(), at.y(), 0, 0, angle, spin);
            double reach = REACH * at.size();
            List<MovingShape.Pose> poses = new ArrayList<>();
            for (int down = -1; down <= 1; down++) {
                for (int right = -1; right <= 1; right++) {
                    double x = at.x() + right;
                    double y = at.y() + down;
                    if (x > -reach && x < 1 + reach && y > -reach && y < 1 + reach) {
                        poses.add(new MovingShape.Pose(shape, x, y, Math.cos(turned), Math.sin(turned)));
                    }
                }
            }
            return poses;
        }
    }
}
