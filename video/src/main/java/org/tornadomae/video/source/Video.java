package org.tornadomae.video.source;

import java.util.Comparator;
import org.tornadomae.video.codec.ByteSource;

/// One video of a data set. Its source and its name tell it from others.
///
/// @param name   its path inside its folder, csv or archive, with '/' between names
/// @param bytes  where its bytes are
/// @param label  its class, or [#NO_LABEL]
/// @param frames how many frames decode, or [#UNKNOWN]
public record Video(String name, ByteSource bytes, int label, int frames) {

    /// Number of frames of a video that has not been decoded yet.
    public static final int UNKNOWN = 0;

    /// Label of a video that has none.
    public static final int NO_LABEL = -1;

    /// Order of a data set: by the last part of the name, which stays the same however the videos are packed, and
    /// only between equals by the rest.
    public static final Comparator<Video> ORDER = Comparator.comparing((Video video) -> video.baseName())
            .thenComparing(Video::name);

    /// The last part of the name.
    public String baseName() {
        return baseName(name);
    }

    /// The last part of a path with '/' between its parts.
    public static String baseName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    Video(String name, ByteSource bytes, int label) {
        this(name, bytes, label, UNKNOWN);
    }

    /// Whether it is in an archive.
    boolean packed() {
        return !(bytes instanceof FrameFolder) && bytes.region().map(part -> part.size() >= 0).orElse(true);
    }

    /// Equal for the same bytes in the same file.
    Object place() {
        return bytes.region().<Object>map(part -> new ByteSource.Region(part.file().toAbsolutePath().normalize(),
                part.offset(), part.size())).orElse(bytes);
    }

    Video labelled(int newLabel) {
        return new Video(name, bytes, newLabel, frames);
    }

    /// The same video with the number of frames that decoded.
    public Video counted(int decoded) {
        return new Video(name, bytes, label, decoded);
    }
}
