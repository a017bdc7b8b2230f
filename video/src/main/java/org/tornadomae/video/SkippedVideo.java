package org.tornadomae.video;

import java.nio.file.Path;
import org.tornadomae.video.codec.DamageReason;

/**
 * A video that could not be used.
 *
 * @param index its index in the {@link VideoList}
 * @param path where it is
 * @param reason what is wrong with it
 */
public record SkippedVideo(int index, Path path, DamageReason reason) {
}
