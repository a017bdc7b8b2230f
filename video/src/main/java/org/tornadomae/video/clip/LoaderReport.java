package org.tornadomae.video.clip;

import java.util.Locale;

/// What a loader has done, and what bounds it.
///
/// @param seconds        time since it was made
/// @param clips          clips delivered or on their way
/// @param frames         frames decoded, those only passed over included
/// @param waitSeconds    how long the caller waited for batches
/// @param readSeconds    worker time for getting bytes, decompression of archives included
/// @param decodeSeconds  worker time for decoding and conversion to RGB, without reading
/// @param augmentSeconds worker time for crop, resize, flip and normalisation
public record LoaderReport(double seconds, long clips, long frames, double waitSeconds, double readSeconds,
        double decodeSeconds, double augmentSeconds) {

    private static final double HARDLY = 0.01;

    /// Clips per second.
    public double clipsPerSecond() {
        return clips / seconds;
    }

    /// Decoded frames per second.
    public double framesPerSecond() {
        return frames / seconds;
    }

    /// Part of the time that the caller spent waiting, 0 to 1.
    public double waiting() {
        return Math.min(1, waitSeconds / seconds);
    }

    /// What happened after an earlier report of the same loader.
    public LoaderReport since(LoaderReport earlier) {
        return new LoaderReport(seconds - earlier.seconds, clips - earlier.clips, frames - earlier.frames,
                waitSeconds - earlier.waitSeconds, readSeconds - earlier.readSeconds,
                decodeSeconds - earlier.decodeSeconds, augmentSeconds - earlier.augmentSeconds);
    }

    /// What the workers spend most of their time on, or the caller when it hardly waits for them.
    public String bound() {
        if (waiting() < HARDLY) {
            return "the caller";
        }
        if (readSeconds >= decodeSeconds && readSeconds >= augmentSeconds) {
            return "disk";
        }
        return decodeSeconds >= augmentSeconds ? "decode" : "augmentation";
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.1f clips/s, %.0f decoded frames/s, waiting %.0f %%, bound by %s"
                + " (worker seconds: disk %.2f, decode %.2f, augmentation %.2f)", clipsPerSecond(), framesPerSecond(),
                100 * waiting(), bound(), readSeconds, decodeSeconds, augmentSeconds);
    }
}
