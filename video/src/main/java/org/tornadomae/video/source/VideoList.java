package org.tornadomae.video.source;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.tornadomae.video.VideoException;
import org.tornadomae.video.codec.ByteSource;
import org.tornadomae.video.codec.DamagedVideoException;
import org.tornadomae.video.codec.Decoder;
import org.tornadomae.video.codec.VideoFrames;

/// The videos to train on, in an order that depends on their names alone: a video's index is the same on every machine,
/// and the same from a folder, from a csv list of that folder and from archives of it.
///
/// No video is opened here; whether one is usable shows when it is decoded.
public final class VideoList {

    /// Label of a video that has none.
    public static final int NO_LABEL = Video.NO_LABEL;

    /// Number of frames of a video that has not been decoded yet.
    public static final int UNKNOWN = Video.UNKNOWN;

    private final String source;
    private final List<Video> videos;
    private final SourceReport report;
    private final Decoder decoder;

    private VideoList(String source, List<Video> videos, SourceReport report, Decoder decoder) {
        this.source = source;
        this.videos = videos;
        this.report = report;
        this.decoder = decoder;
    }

    private VideoList(String source, Sources.Found found) {
        this(source, found.videos(), found.report(), Decoder.IN_THREAD);
    }

    /// The same without single pictures, which the report counts: a video model learns nothing from what stands still.
    ///
    /// @throws VideoException when nothing else is there
    public VideoList withoutPictures() {
        List<Video> moving = videos.stream()
                .filter(video -> video.bytes() instanceof FrameFolder || !FrameFolder.picture(video.name())).toList();
        int pictures = size() - moving.size();
        if (pictures == 0) {
            return this;
        }
        String count = pictures + " single pictures, which are used with 1 frame only";
        if (moving.isEmpty()) {
            throw new VideoException(
                    source + " holds " + count + "; the frames of a video belong into a folder of their"
                            + " own, numbered from 0 or 1 without a gap");
        }
        return new VideoList(source, moving, report.with(count + " (left out)"), decoder);
    }

    /// @throws VideoException when a video has no label, naming the first
    public VideoList requireLabels() {
        videos.stream().filter(video -> video.label() == NO_LABEL).findFirst().ifPresent(video -> {
            throw new VideoException(source + " gives no label for " + video.name() + ": labels come from a list with"
                    + " 'path label' on each line, or a header with a label column");
        });
        return this;
    }

    /// The same videos, decoded in another way.
    public VideoList decodedBy(Decoder other) {
        return new VideoList(source, videos, report, other);
    }

    /// Some of these videos, in another order, with what is known of them.
    ///
    /// @param chosen at least one, each from [#videos]
    public VideoList choose(List<Video> chosen) {
        return new VideoList(source, List.copyOf(chosen), report, decoder);
    }

    /// Lists the videos of a folder (taken recursively, without hidden files and side files such as notes and tables),
    /// an official csv list, a tar, gzipped or not, a folder of those, or several with commas between them.
    ///
    /// @param data        one or more paths; [Sources] says how several go together
    /// @param indexFolder where the indexes of gzipped archives are kept
    /// @param indexing    follows their making
    /// @return at least one video
    /// @throws VideoException when something is not there, holds no videos or has a broken row
    public static VideoList of(String data, Path indexFolder, IndexProgress indexing) {
        try {
            List<Path> paths = Files.exists(Path.of(data))
                    ? List.of(Path.of(data))
                    : Stream.of(data.split(",")).map(String::strip).filter(part -> !part.isEmpty())
                            .map(Path::of).toList();
            return new VideoList(data, Sources.find(paths, indexFolder, indexing));
        } catch (InvalidPathException e) {
            throw new VideoException("not a path: " + data, e);
        }
    }

    /// The same, without showing progress.
    public static VideoList of(String data, Path indexFolder) {
        return of(data, indexFolder, IndexProgress.SILENT);
    }

    /// The same for one path, with indexes in [#defaultIndexFolder].
    public static VideoList of(Path data) {
        return new VideoList(data.toString(), Sources.find(List.of(data), defaultIndexFolder(), IndexProgress.SILENT));
    }

    /// Where the indexes of gzipped archives are kept by default: `~/.cache/tornado-mae`.
    public static Path defaultIndexFolder() {
        return Path.of(System.getProperty("user.home"), ".cache", "tornado-mae");
    }

    /// The videos, in order.
    public List<Video> videos() {
        return videos;
    }

    /// Opens video `index` for decoding.
    ///
    /// @throws DamagedVideoException when it cannot be used, with the reason
    public VideoFrames open(int index) throws DamagedVideoException {
        return decoder.open(bytes(index));
    }

    /// Number of frames of video `index` that decode, or [#UNKNOWN].
    public int frames(int index) {
        return videos.get(index).frames();
    }

    /// What decodes the videos of this list.
    public Decoder decoder() {
        return decoder;
    }

    /// Where the list came from, as given.
    public String source() {
        return source;
    }

    /// Number of videos, at least 1.
    public int size() {
        return videos.size();
    }

    /// Where the bytes of video `index` are.
    public ByteSource bytes(int index) {
        return videos.get(index).bytes();
    }

    /// Name of video `index`: its path inside its folder, csv or archive.
    public String name(int index) {
        return videos.get(index).name();
    }

    /// Class of video `index`, or [#NO_LABEL].
    public int label(int index) {
        return videos.get(index).label();
    }

    /// What was left out, such as damaged parts of archives.
    public SourceReport report() {
        return report;
    }

    /// Identifies the data set: SHA-256 over base names and sizes (-1 for a missing file), in order, and over whether
    /// pictures come as they are stored. It asks the file
    /// system for every size, so callers should keep the answer.
    ///
    /// @return 64 hexadecimal digits
    public String fingerprint() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Video video : videos) {
                byte[] name = video.baseName().getBytes(StandardCharsets.UTF_8);
                digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, name.length));
                digest.update(name);
                digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, video.bytes().size()));
            }
            if (!decoder.autorotate()) {
                digest.update((byte) 1);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
