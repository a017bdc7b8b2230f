package org.tornadomae.video.synthetic;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.tornadomae.video.codec.FrameEncoder;

/// Writes small videos of coloured shapes that drift, turn and bounce over a soft moving background: something to learn
/// within minutes, with no data set at hand. The same arguments give the same files.
///
/// @param width  columns
/// @param height rows
/// @param frames frames per video
/// @param seed   chooses the scenes
public record SyntheticClips(int width, int height, int frames, long seed) {

    /// Frames per second of the videos.
    public static final double FPS = 30;

    /// Square videos of about two seconds.
    public static SyntheticClips small(long seed) {
        return new SyntheticClips(96, 96, 64, seed);
    }

    /// Writes videos `clip-0000.mp4`, `clip-0001.mp4`, … over any of the same names.
    ///
    /// @param folder is created if need be
    /// @param count  how many
    /// @return the files
    /// @throws IOException when they cannot be written
    public List<Path> write(Path folder, int count) throws IOException {
        Files.createDirectories(folder);
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Path file = folder.resolve(String.format(Locale.ROOT, "clip-%04d.mp4", i));
            Scene scene = scene(i);
            byte[] rgb = new byte[height * width * FrameEncoder.CHANNELS];
            try (FrameEncoder encoder = FrameEncoder.mp4(file, width, height, FPS)) {
                for (int frame = 0; frame < frames; frame++) {
                    scene.paint(frame / FPS, width, height, rgb);
                    encoder.write(rgb);
                }
            }
            files.add(file);
        }
        return files;
    }

    /// The scene of video `index`; it does not depend on how many are written.
    private Scene scene(int index) {
        SplittableRandom seeds = new SplittableRandom(seed);
        for (int i = 0; i < index; i++) {
            seeds.nextLong();
        }
        return Scene.random(new SplittableRandom(seeds.nextLong()));
    }
}
