package org.tornadomae.video.clip;

import java.util.random.RandomGenerator;
import org.tornadomae.video.source.VideoList;

/// The only source of randomness of this package, supplied by the caller.
///
/// Generators are keyed, not shared: the same key gives the same numbers whichever thread asks, and in whatever
/// order. That is what makes the batch stream independent of the number of workers and of where a run was resumed.
@FunctionalInterface
public interface ClipRandom {

    /// What the numbers are used for; one stream per purpose, so that adding a draw to one does not move the others.
    enum Purpose {
        /// Order of the videos in an epoch; video and repeat are 0.
        ORDER,
        /// Start of the clip in the video.
        TIME,
        /// Random resized crop.
        CROP,
        /// Horizontal flip.
        FLIP,
        /// What is done to every frame of the clip.
        FRAMES,
        /// What is done to the clip when it is cut.
        FINISH,
        /// Which video takes the place of a damaged one; repeat is 0.
        REPLACE
    }

    /// A fresh generator at the start of the stream of this key.
    ///
    /// @param epoch   epoch, from 0
    /// @param video   index in the [VideoList] of the video whose turn it is (also when another one replaces it)
    /// @param repeat  which of the clips cut from this video, from 0
    /// @param purpose what the numbers are for
    /// @return a new generator, used by one thread
    RandomGenerator of(long epoch, int video, int repeat, Purpose purpose);
}
