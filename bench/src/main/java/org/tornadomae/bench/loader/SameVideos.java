package org.tornadomae.bench.loader;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.tornadomae.nn.UserException;
import org.tornadomae.video.clip.ClipSampler;
import org.tornadomae.video.clip.LoaderConfig;
import org.tornadomae.video.codec.ByteSource;
import org.tornadomae.video.codec.DamagedVideoException;
import org.tornadomae.video.codec.VideoFrames;
import org.tornadomae.video.source.VideoList;

/// Videos of a list as files that ffmpeg can read: those in archives are copied out.
public final class SameVideos implements AutoCloseable {
    private final VideoList videos;
    private final LoaderConfig config;
    private final Path copies;
    private final Map<Integer, Path> files = new HashMap<>();
    private final Map<Integer, Double> fps = new HashMap<>();

    public SameVideos(VideoList videos, LoaderConfig config) {
        this.videos = videos;
        this.config = config;
        try {
            this.copies = Files.createTempDirectory("mae-bench");
            copies.toFile().deleteOnExit();
        } catch (IOException e) {
            throw new UserException("no temporary folder (" + e.getMessage() + "): give --no-ffmpeg", e);
        }
    }

    /// Whole files, in this order.
    public List<Ffmpeg.Job> whole(List<Integer> loaded) {
        return loaded.stream().map(video -> new Ffmpeg.Job(file(video), 0)).toList();
    }

    /// Files up to the frame at which the loader stops on average, for it does not decode what follows the last frame
    /// that some clip wants.
    ///
    /// @param whole what decoding the whole files gave
    public List<Ffmpeg.Job> asFarAsLoaded(List<Integer> loaded, Ffmpeg.Pass whole) {
        ClipSampler sampler = new ClipSampler(config.shape().frames(), config.samplingRate());
        List<Ffmpeg.Job> jobs = new ArrayList<>();
        for (int i = 0; i < loaded.size(); i++) {
            int frames = whole.files().get(i).frames();
            double span = sampler.span(fps(loaded.get(i)));
            // the latest of R starts that are uniform in [0, frames - span]
            double start = Math.max(0, frames - span) * config.repeats() / (config.repeats() + 1.0);
            jobs.add(new Ffmpeg.Job(file(loaded.get(i)), (int) Math.clamp(Math.rint(start + span - 0.5), 1, frames)));
        }
        return jobs;
    }

    private Path file(int video) {
        return files.computeIfAbsent(video, index -> {
            ByteSource bytes = videos.bytes(index);
            if (bytes.region().isPresent() && bytes.region().get().size() < 0) {
                return bytes.region().get().file();
            }
            try (InputStream in = Channels.newInputStream(bytes.open())) {
                Path copy = copies.resolve(index + ".video");
                copy.toFile().deleteOnExit();
                Files.copy(in, copy);
                return copy;
            } catch (IOException | DamagedVideoException e) {
                throw new UserException(
                        bytes + ": cannot be copied for ffmpeg (" + e.getMessage() + "): give --no-ffmpeg", e);
            }
        });
    }

    private double fps(int video) {
        return fps.computeIfAbsent(video, index -> {
            try (VideoFrames frames = videos.open(index)) {
                return frames.fps();
            } catch (DamagedVideoException e) {
                throw new IllegalStateException("it was loaded a moment ago", e);
            }
        });
    }

    @Override
    public void close() {
        try (Stream<Path> all = Files.list(copies)) {
            for (Path copy : (Iterable<Path>) all::iterator) {
                Files.delete(copy);
            }
            Files.delete(copies);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
