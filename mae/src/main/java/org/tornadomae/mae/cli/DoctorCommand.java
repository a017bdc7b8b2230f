package org.tornadomae.mae.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.tornadomae.video.codec.ProcessDecoder;
import org.tornadomae.video.manifest.Doctor;
import org.tornadomae.video.manifest.Manifest;
import org.tornadomae.video.manifest.Summary;
import org.tornadomae.video.source.VideoList;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `mae doctor`
@Command(name = "doctor",
        description = "Decode every video once and write down which are usable, or compare two such manifests.",
        sortOptions = false, footer = {"", "Examples:", "  mae doctor --data train.csv,k400/ --out manifest.jsonl",
                "  mae pretrain --data train.csv,k400/ --manifest manifest.jsonl --out run1",
                "  mae doctor --compare old.jsonl new.jsonl"})
final class DoctorCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private Task task;

    /// One or the other.
    static final class Task {
        @Option(names = "--data", required = true, paramLabel = "PATH[,PATH...]",
                description = "folder of videos or archives, .tar, .tar.gz, csv list, or several of these")
        private String data;

        @Option(names = "--compare", required = true, arity = "2", paramLabel = "FILE",
                description = "two manifests, the older one first")
        private List<Path> compare;
    }

    @Option(names = "--out", paramLabel = "FILE", defaultValue = "manifest.jsonl",
            description = "manifest to write (default: ${DEFAULT-VALUE})")
    private Path out;

    @Option(names = "--val", paramLabel = "PATH[,PATH...]",
            description = "validation data: count the videos that are in both")
    private String validation;

    @Option(names = "--index-dir", paramLabel = "DIR",
            description = "where indexes of .tar.gz files are kept (default: ~/.cache/tornado-mae)")
    private Path indexFolder;

    @Option(names = "--workers", paramLabel = "N", description = "decoder processes (default: number of cores)")
    private Integer workers;

    @Override
    public Integer call() {
        PrintWriter report = spec.commandLine().getOut();
        if (task.compare != null) {
            List<String> changes =
                    Summary.changes(Manifest.read(task.compare.get(0)), Manifest.read(task.compare.get(1)));
            (changes.isEmpty() ? List.of("no difference") : changes).forEach(report::println);
        } else {
            examine(report);
        }
        report.flush();
        return 0;
    }

    private void examine(PrintWriter report) {
        int count = workers == null ? Runtime.getRuntime().availableProcessors() : workers;
        if (count < 1) {
            throw new ParameterException(spec.commandLine(), "--workers " + count + " must be at least 1");
        }
        Manifest.requireWritable(out);
        PrintWriter err = spec.commandLine().getErr();
        Optional<VideoList> others =
                Optional.ofNullable(validation).map(data -> DataOptions.find(data, indexFolder, err));
        VideoList videos = DataOptions.find(task.data, indexFolder, err);
        Manifest manifest = examine(videos, count, err);
        manifest.write(out);
        Summary.of(manifest).forEach(report::println);
        videos.report().lines().forEach(report::println);
        others.ifPresent(list -> Summary.overlap(manifest, list).forEach(report::println));
        report.println("fingerprint of what is usable: " + fingerprint(manifest, videos));
        report.println("manifest: " + out);
    }

    private static Manifest examine(VideoList videos, int count, PrintWriter err) {
        AtomicInteger done = new AtomicInteger();
        try (ProcessDecoder decoder = new ProcessDecoder(); Bar bar = new Bar(err, "decoding", "videos")) {
            return Doctor.examine(videos.decodedBy(decoder), count,
                    () -> bar.show(done.incrementAndGet(), videos.size()));
        }
    }

    private String fingerprint(Manifest manifest, VideoList videos) {
        boolean any = manifest.entries().stream().anyMatch(entry -> entry.usable());
        return any ? manifest.choose(videos, out).fingerprint() : "nothing is";
    }
}
