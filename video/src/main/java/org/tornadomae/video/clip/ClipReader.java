package org.tornadomae.video.clip;

import java.nio.file.Path;
import org.tornadomae.video.VideoException;
import org.tornadomae.video.codec.ByteSource;
import org.tornadomae.video.codec.DamagedVideoException;
import org.tornadomae.video.codec.FrameDecoder;
import org.tornadomae.video.codec.VideoFrames;

/// Reads one clip of one video for evaluation: centre crop, no flip, nothing random.
public final class ClipReader {

    private final ClipShape shape;
    private final ClipSampler sampler;

    /// @param shape        shape of the clip
    /// @param samplingRate stride of the clip in frames of a 30 fps video
    public ClipReader(ClipShape shape, int samplingRate) {
        this.shape = shape;
        this.sampler = new ClipSampler(shape.frames(), samplingRate);
    }

    /// One clip for evaluation.
    ///
    /// @param pixels       `[3][T][H][W]`, normalised
    /// @param indices      the T source frames it is made of
    /// @param sourceFrames frames of the video
    /// @param sourceFps    frames per second of the video
    /// @param fps          frames per second at which the T frames play in real time
    public record Clip(float[] pixels, int[] indices, int sourceFrames, double sourceFps, double fps) {
    }

    /// Reads the clip in the middle of a video.
    ///
    /// @param video file
    /// @return the clip
    /// @throws VideoException when the video cannot be used
    public Clip middle(Path video) {
        return read(video, (frames, fps) -> sampler.middle(frames, fps));
    }

    /// Reads the clip that starts at a given source frame.
    ///
    /// @param video file
    /// @param start first source frame, from 0; near the end the last frame is repeated
    /// @return the clip
    /// @throws VideoException when the video cannot be used or has no such frame
    public Clip from(Path video, int start) {
        return read(video, (frames, fps) -> {
            if (start < 0 || start >= frames) {
                throw new VideoException(video + " has frames 0 to " + (frames - 1) + ", not " + start);
            }
            return sampler.indices(start, frames, fps);
        });
    }

    @FunctionalInterface
    private interface Choice {
        int[] indices(int frames, double fps);
    }

    private Clip read(Path video, Choice choice) {
        float[] pixels = new float[shape.values()];
        double aspect = (double) shape.width() / shape.height();
        int[][] indices = new int[1][];
        try {
            ClipCutter.Footage footage = cut(ByteSource.of(video), (clip, source) -> {
                Crop crop = Crop.centre(source.height(), source.width(), aspect);
                indices[0] = choice.indices(source.frames(), source.fps());
                return new ClipCutter.Plan(indices[0], (rgb, _, _) -> rgb,
                        new ClipTransform(shape, crop, false, source.width()));
            }, pixels);
            double seconds = sampler.span(footage.fps()) / footage.fps();
            return new Clip(pixels, indices[0], footage.frames(), footage.fps(), shape.frames() / seconds);
        } catch (DamagedVideoException e) {
            throw new VideoException("cannot use " + e.getMessage(), e);
        }
    }

    private ClipCutter.Footage cut(ByteSource video, ClipCutter.Planner planner, float[] pixels)
            throws DamagedVideoException {
        try (VideoFrames all = FrameDecoder.open(video); VideoFrames again = FrameDecoder.open(video)) {
            return ClipCutter.cut(again, ClipCutter.count(all), 1, planner, pixels, 0, shape.values()).footage();
        }
    }
}
