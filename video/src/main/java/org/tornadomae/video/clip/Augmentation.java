package org.tornadomae.video.clip;

import java.util.random.RandomGenerator;

/// What is done to a training clip beside crop and flip. Everything random comes through the generators.
public interface Augmentation {
    /// Nothing.
    Augmentation NONE = new Augmentation() {
        @Override
        public Frames frames(RandomGenerator random) {
            return (rgb, _, _) -> rgb;
        }

        @Override
        public void finish(float[] clips, int offset, ClipShape shape, RandomGenerator random) {
            // a clip is finished as it was cut
        }
    };

    /// What is done to every source frame of one clip, before crop and flip.
    @FunctionalInterface
    interface Frames {
        /// @param rgb    frame `[height][width][3]`, bytes 0..255, which stays as it is
        /// @param height rows
        /// @param width  columns
        /// @return the frame as it is now; the next call on this thread may overwrite it
        byte[] apply(byte[] rgb, int height, int width);
    }

    /// Draws what is done to the frames of one clip.
    Frames frames(RandomGenerator random);

    /// Changes a clip that has been cut and normalised.
    ///
    /// @param clips  holds `[3][T][H][W]` at `offset`
    /// @param offset where the clip starts
    /// @param shape  of the clip
    /// @param random numbers of this clip alone
    void finish(float[] clips, int offset, ClipShape shape, RandomGenerator random);
}
