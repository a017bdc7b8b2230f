package org.tornadomae.video.clip;

import org.tornadomae.video.codec.DamageReason;
import org.tornadomae.video.source.VideoList;

/// A video that could not be used.
///
/// @param index  its index in the [VideoList]
/// @param place  where it is, for messages
/// @param reason what is wrong with it
public record SkippedVideo(int index, String place, DamageReason reason) {
}
