package org.tornadomae.video.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.tornadomae.video.source.Video;

/// One video as a manifest has it.
///
/// @param name     its path inside its folder, csv or archive
/// @param source   where it was
/// @param bytes    how long it is, or -1
/// @param sha256   of its bytes, 64 hexadecimal digits; null when they cannot be read
/// @param frames   how many frames really decode
/// @param promised how many would fill the time that its container promises; 0 when that is not known
/// @param fps      frames per second
/// @param width    columns of its frames
/// @param height   rows of its frames
/// @param codec    FFmpeg's name of its codec; null when it does not open
/// @param label    its class, or -1
/// @param verdict  [#USABLE] or [#DAMAGED]
/// @param reason   why it is damaged; null when it is not
@JsonPropertyOrder({"name", "source", "bytes", "sha256", "frames", "promised", "fps", "width", "height", "codec",
        "label", "verdict", "reason"})
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Entry(String name, String source, long bytes, String sha256, int frames, int promised, double fps,
        int width, int height, String codec, int label, String verdict, String reason) {

    /// Verdict of a video that training can use.
    public static final String USABLE = "usable";
    /// Verdict of one that it cannot.
    public static final String DAMAGED = "damaged";

    private static final double WHOLE = 0.9; // share of the promised frames; rates and durations are rounded

    /// @throws IllegalArgumentException when a needed field is missing or contradicts the verdict
    public Entry {
        if (name == null || verdict == null || !List.of(USABLE, DAMAGED).contains(verdict) || frames < 0) {
            throw new IllegalArgumentException("name, verdict or frames missing");
        }
        if (bytes < -1 || width < 0 || height < 0 || label < -1 || !(fps >= 0 && fps < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("bytes, fps, width, height or label out of range");
        }
        if (verdict.equals(USABLE) == (reason != null || frames == 0)) {
            throw new IllegalArgumentException("usable means frames and no reason, damaged means a reason");
        }
    }

    /// Whether it has far fewer frames than its container promises: a download or a copy that broke off.
    public boolean endsEarly() {
        return usable() && frames < WHOLE * promised;
    }

    /// Whether training can use it.
    public boolean usable() {
        return USABLE.equals(verdict);
    }

    /// The last part of the name: what tells a video however it is packed.
    public String baseName() {
        return Video.baseName(name);
    }
}
