package org.tornadomae.video.source;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.tornadomae.video.codec.ByteSource;
import org.tornadomae.video.codec.DamageReason;
import org.tornadomae.video.codec.DamagedVideoException;
import org.tornadomae.video.codec.FrameDecoder;
import org.tornadomae.video.codec.PathBytes;

/// A video that was unpacked into numbered pictures, such as `img_00001.jpg`, all in one folder. FFmpeg reads pictures
/// one after another as one stream, so that is what this is. Nothing tells their frame rate:
/// [FrameDecoder#FALLBACK_FPS] is assumed.
///
/// @param folder that holds them; listed when it is opened
record FrameFolder(Path folder) implements ByteSource {

    private static final Set<String> PICTURES = Set.of("jpg", "jpeg", "png", "bmp", "webp"); // whose end shows
    private static final Set<String> SINGLE = Set.of("tif", "tiff", "heic", "avif", "jp2");
    private static final Pattern NUMBERED = Pattern.compile("(.*?)(\\d{1,9})\\.[^.]+");
    private static final String FLOW = "flow"; // optical flow, which mmaction keeps beside the frames

    /// A picture and its number.
    private record Frame(String name, int number) {
    }

    /// Whether a file of this name is a picture.
    static boolean picture(String name) {
        String suffix = VideoFolder.suffix(name);
        return PICTURES.contains(suffix) || SINGLE.contains(suffix);
    }

    /// Whether files of these names are the frames of one video: at least two, counted from 0 or 1 without a gap.
    static boolean sequence(List<String> names) {
        List<Frame> frames = frames(names);
        int count = frames.size();
        return count > 1 && frames.getFirst().number() <= 1
                && frames.getLast().number() - frames.getFirst().number() == count - 1;
    }

    /// The pictures of the longest numbered row, by number.
    private static List<Frame> frames(List<String> names) {
        Map<String, List<Frame>> rows = new HashMap<>();
        for (String name : names) {
            Matcher numbered = NUMBERED.matcher(name);
            if (PICTURES.contains(VideoFolder.suffix(name)) && numbered.matches()
                    && !name.toLowerCase(Locale.ROOT).startsWith(FLOW)) {
                rows.computeIfAbsent(numbered.group(1), _ -> new ArrayList<>())
                        .add(new Frame(name, Integer.parseInt(numbered.group(2))));
            }
        }
        return rows.entrySet().stream()
                .max(Comparator.comparingInt((Map.Entry<String, List<Frame>> row) -> row.getValue().size())
                        .thenComparing(Map.Entry::getKey))
                .map(row -> row.getValue().stream().sorted(Comparator.comparingInt(Frame::number)).toList())
                .orElse(List.of());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            Map<String, Path> byName = new HashMap<>();
            all.forEach(file -> byName.put(PathBytes.text(file.getFileName()), file));
            return frames(List.copyOf(byName.keySet())).stream().map(frame -> byName.get(frame.name())).toList();
        }
    }

    @Override
    public SeekableByteChannel open() throws DamagedVideoException {
        try {
            return new JoinedFiles(files());
        } catch (NoSuchFileException e) {
            throw new DamagedVideoException(DamageReason.MISSING, this);
        } catch (IOException e) {
            throw new DamagedVideoException(DamageReason.UNREADABLE, this);
        }
    }

    @Override
    public long size() {
        try (JoinedFiles joined = new JoinedFiles(files())) {
            return joined.size();
        } catch (IOException e) {
            return -1;
        }
    }

    @Override
    public double fps() {
        return FrameDecoder.FALLBACK_FPS;
    }

    @Override
    public String toString() {
        return PathBytes.text(folder);
    }
}
