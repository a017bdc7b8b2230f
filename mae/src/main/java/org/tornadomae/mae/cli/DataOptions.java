package org.tornadomae.mae.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.tornadomae.nn.UserException;
import org.tornadomae.video.clip.LoaderResources;
import org.tornadomae.video.codec.Decoder;
import org.tornadomae.video.codec.ProcessDecoder;
import org.tornadomae.video.manifest.Manifest;
import org.tornadomae.video.source.VideoList;
import picocli.CommandLine.Option;

/// Which videos, and how they are read.
public final class DataOptions {
    @Option(names = "--data", required = true, paramLabel = "PATH[,PATH...]",
            description = "folder of videos, frame folders or archives, .tar, .tar.gz, list "
                    + "(docs/data.md names the formats)")
    private String data;

    @Option(names = "--manifest", paramLabel = "FILE",
            description = "what 'mae doctor' wrote about this data: order, usable videos and their lengths")
    private Path manifest;

    @Option(names = "--index-dir", paramLabel = "DIR",
            description = "where indexes of .tar.gz files are kept (default: ~/.cache/tornado-mae)")
    private Path indexFolder;

    @Option(names = "--decoder", paramLabel = "KIND", defaultValue = "thread",
            description = "thread: fastest; process: a hanging or crashing decoder costs one video (default: "
                    + "${DEFAULT-VALUE})")
    private Kind decoder;

    @Option(names = "--workers", paramLabel = "N", description = "decoder threads (default: half of the cores)")
    private Integer workers;

    @Option(names = "--prefetch", paramLabel = "MIB", defaultValue = "512",
            description = "memory for batches prepared ahead, in MiB (default: ${DEFAULT-VALUE})")
    private int prefetch;

    @Option(names = "--autorotate", negatable = true, defaultValue = "true", fallbackValue = "true",
            description = "turn videos as players do (default: on)")
    private boolean autorotate;

    private static final int SAID = 10; // damaged videos that are named at once

    /// Ways to decode.
    enum Kind { THREAD, PROCESS }

    /// The videos and what decodes them.
    public record Data(VideoList list, Decoder decoder) implements AutoCloseable {
        @Override
        public void close() {
            decoder.close();
        }
    }

    /// As it was given.
    String source() {
        return data;
    }

    /// Finds the videos, and says what was left out.
    ///
    /// @param frames of a clip: single pictures are for clips of 1 frame only
    public Data open(int frames, PrintWriter err) {
        VideoList all = find(data, indexFolder, err);
        VideoList found = frames == 1 || manifest != null ? all : all.withoutPictures();
        found.report().lines().forEach(line -> err.println("data: " + line));
        VideoList list = manifest == null ? found : chosen(found, frames);
        if (list.size() < found.size()) {
            err.println("data: " + (found.size() - list.size()) + " videos left out, as " + manifest + " says");
        }
        err.flush();
        Decoder opened = decoder == Kind.PROCESS
                ? new ProcessDecoder(ProcessDecoder.PATIENCE, autorotate)
                : Decoder.inThread(autorotate);
        return new Data(list.decodedBy(opened), opened);
    }

    private VideoList chosen(VideoList found, int frames) {
        VideoList chosen = Manifest.read(manifest).choose(found, manifest);
        return frames == 1 ? chosen : chosen.withoutPictures();
    }

    /// Threads and memory for loading; a line for each of the first videos that cannot be used.
    public LoaderResources resources(PrintWriter err) {
        int count = workers == null ? Math.max(1, Runtime.getRuntime().availableProcessors() / 2) : workers;
        if (count < 1) {
            throw new UserException("--workers " + count + " must be at least 1");
        }
        if (prefetch < 0) {
            throw new UserException("--prefetch " + prefetch + " must be at least 0 MiB");
        }
        AtomicInteger said = new AtomicInteger();
        return new LoaderResources(count, (long) prefetch << 20, video -> {
            int number = said.incrementAndGet();
            if (number <= SAID) {
                err.println("skipped " + video.place() + ": " + video.reason()
                        + (number == SAID ? "; the others are named at the end" : ""));
                err.flush();
            }
        });
    }

    /// Lists videos, and shows how far the one-time reading of gzipped archives is.
    ///
    /// @param indexFolder where their indexes are kept; null for the usual place
    public static VideoList find(String data, Path indexFolder, PrintWriter err) {
        try (Bar bar = new Bar(err, "indexing", "MiB")) {
            return VideoList.of(data, indexFolder == null ? VideoList.defaultIndexFolder() : indexFolder,
                    (bytes, of) -> bar.show(bytes >> 20, of >> 20));
        }
    }
}
