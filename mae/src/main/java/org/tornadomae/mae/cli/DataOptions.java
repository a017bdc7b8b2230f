package org.tornadomae.mae.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
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
            description = "folder of videos or archives, .tar, .tar.gz, csv list ('path label', or Kinetics' own); a "
                    + "later one's videos replace an earlier one's of the same name")
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

    /// Ways to decode.
    enum Kind { THREAD, PROCESS }

    /// The videos and what decodes them.
    public record Data(VideoList list, Decoder decoder) implements AutoCloseable {
        @Override
        public void close() {
            decoder.close();
        }
    }

    /// Finds the videos, and says what was left out.
    public Data open(PrintWriter err) {
        VideoList found = find(data, indexFolder, err);
        found.report().lines().forEach(line -> err.println("data: " + line));
        VideoList list = manifest == null ? found : Manifest.read(manifest).choose(found, manifest);
        if (list.size() < found.size()) {
            err.println("data: " + (found.size() - list.size()) + " videos left out, as " + manifest + " says");
        }
        err.flush();
        Decoder opened = decoder == Kind.PROCESS
                ? new ProcessDecoder(ProcessDecoder.PATIENCE, autorotate)
                : Decoder.inThread(autorotate);
        return new Data(list.decodedBy(opened), opened);
    }

    /// Threads and memory for loading.
    public LoaderResources resources() {
        int count = workers == null ? Math.max(1, Runtime.getRuntime().availableProcessors() / 2) : workers;
        if (count < 1) {
            throw new UserException("--workers " + count + " must be at least 1");
        }
        if (prefetch < 0) {
            throw new UserException("--prefetch " + prefetch + " must be at least 0 MiB");
        }
        return new LoaderResources(count, (long) prefetch << 20);
    }

    /// Lists videos, and shows how far the one-time reading of gzipped archives is.
    ///
    /// @param indexFolder where their indexes are kept; null for the usual place
    static VideoList find(String data, Path indexFolder, PrintWriter err) {
        try (Bar bar = new Bar(err, "indexing", "MiB")) {
            return VideoList.of(data, indexFolder == null ? VideoList.defaultIndexFolder() : indexFolder,
                    (bytes, of) -> bar.show(bytes >> 20, of >> 20));
        }
    }
}
