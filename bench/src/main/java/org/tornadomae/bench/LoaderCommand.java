package org.tornadomae.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.tornadomae.bench.loader.Ffmpeg;
import org.tornadomae.bench.loader.Footprint;
import org.tornadomae.bench.loader.LoaderRun;
import org.tornadomae.bench.loader.SameVideos;
import org.tornadomae.bench.loader.Soak;
import org.tornadomae.bench.loader.Trend;
import org.tornadomae.bench.report.Machine;
import org.tornadomae.bench.report.OutputOptions;
import org.tornadomae.bench.report.Plot;
import org.tornadomae.bench.report.Report;
import org.tornadomae.bench.report.Table;
import org.tornadomae.mae.cli.ClipOptions;
import org.tornadomae.mae.cli.DataOptions;
import org.tornadomae.mae.cli.SamplingOptions;
import org.tornadomae.mae.train.Trainer;
import org.tornadomae.nn.UserException;
import org.tornadomae.video.clip.ClipLoader;
import org.tornadomae.video.clip.LoaderConfig;
import org.tornadomae.video.clip.LoaderReport;
import org.tornadomae.video.clip.SkippedVideo;
import org.tornadomae.video.codec.DamageReason;
import org.tornadomae.video.source.VideoList;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `mae bench loader`
@Command(name = "loader", description = {"Load clips as training would: how fast they come, and what bounds them.",
        "Where ffmpeg is on the PATH it decodes the same videos in turn, as many at once as there are workers."},
        sortOptions = false, abbreviateSynopsis = true,
        footer = {"", "Examples:", "  mae bench loader --data clips/ --workers 2",
                "Does a step of 250 ms have to wait? Do memory and open handles stay flat?",
                "  mae bench loader --data k400/ --manifest manifest.jsonl --step-ms 250",
                "  mae bench loader --data clips/ --minutes 20"})
final class LoaderCommand implements Callable<Integer> {
    private static final double MIB = 1 << 20;

    @Spec
    private CommandSpec spec;

    @Option(names = "--seconds", defaultValue = "10", paramLabel = "SECONDS",
            description = "length of a round (default: ${DEFAULT-VALUE})")
    private double seconds;

    @Option(names = "--rounds", defaultValue = "3", paramLabel = "N",
            description = "rounds; the medians count (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--warm-up-seconds", defaultValue = "10", paramLabel = "SECONDS",
            description = "loading before the first round (default: ${DEFAULT-VALUE})")
    private double warmUp;

    @Option(names = "--step-ms", defaultValue = "0", paramLabel = "MS",
            description = "pause after each batch, as a training step on a device would take (default: batches are "
                    + "taken as they come)")
    private double stepMillis;

    @Option(names = "--minutes", defaultValue = "0", paramLabel = "N",
            description = "instead of rounds, load for so long and watch memory and open handles")
    private double minutes;

    @Option(names = "--ffmpeg", negatable = true, defaultValue = "true", fallbackValue = "true",
            description = "compare with the ffmpeg command (default: on)")
    private boolean ffmpeg;

    @Mixin
    private DataOptions data;

    @Mixin
    private SamplingOptions sampling;

    @Mixin
    private ClipOptions clip;

    @Mixin
    private OutputOptions output;

    /// A round of ours.
    record Result(@JsonProperty("clips_per_second") double clips, @JsonProperty("videos_per_second") double videos,
            @JsonProperty("frames_per_second") double frames, @JsonProperty("data_wait") double waiting,
            @JsonProperty("reading") double reading,
            @JsonProperty("decode") double decode, @JsonProperty("augmentation") double augmentation,
            @JsonProperty("bound") String bound) {

        static Result of(LoaderRun.Load load, int repeats) {
            LoaderReport report = load.report();
            double busy = report.readSeconds() + report.decodeSeconds() + report.augmentSeconds();
            return new Result(load.videosPerSecond() * repeats, load.videosPerSecond(), report.framesPerSecond(),
                    report.waiting(),
                    report.readSeconds() / busy, report.decodeSeconds() / busy, report.augmentSeconds() / busy,
                    report.bound());
        }
    }

    /// A round of ffmpeg's.
    record Peer(@JsonProperty("videos_per_second") double videos, @JsonProperty("frames_per_second") double frames) {
        static Peer of(Ffmpeg.Pass pass, double seconds) {
            return new Peer(pass.files().size() / seconds, pass.frames() / seconds);
        }
    }

    /// @param whole    decodes whole files to RGB
    /// @param decoding decodes as far as we do, to nothing
    record Round(@JsonProperty("loader") Result ours, @JsonProperty("ffmpeg_rgb") Peer whole,
            @JsonProperty("ffmpeg_decode") Peer decoding) {
    }

    @Override
    public Integer call() {
        if (rounds < 1 || !(seconds > 0) || !(warmUp >= 0) || !(stepMillis >= 0) || !(minutes >= 0)) {
            throw new UserException("--rounds " + rounds + " and --seconds " + seconds
                    + " must be more than 0; --warm-up-seconds, --step-ms and --minutes at least 0");
        }
        PrintWriter err = spec.commandLine().getErr();
        LoaderConfig config = sampling.loader(clip.shape(), data.resources(err));
        output.check();
        Report report = new Report("loader", "Loading clips", Report.commandOf(spec), Machine.now());
        try (DataOptions.Data videos = data.open(clip.shape().frames(), err);
                ClipLoader loader = new ClipLoader(videos.list(), config, Trainer.random(sampling.seed()), 0)) {
            report.note(String.format(Locale.ROOT,
                    "%d videos; batches of %d videos x %d clips of %d x %d x %d; %d workers.", videos.list().size(),
                    config.videosPerBatch(), config.repeats(), config.shape().frames(), config.shape().height(),
                    config.shape().width(), workers()));
            LoaderRun run = new LoaderRun(loader, config, stepMillis / 1e3);
            if (minutes > 0) {
                soak(run, loader, report);
            } else {
                run.load(warmUp);
                measure(run, videos.list(), config, report);
            }
            skipped(loader, report);
        }
        output.publish(report, spec.commandLine().getOut(), err);
        return 0;
    }

    private int workers() {
        return data.resources(spec.commandLine().getErr()).workers();
    }

    private void say(String format, Object... values) {
        PrintWriter err = spec.commandLine().getErr();
        err.printf(Locale.ROOT, format, values);
        err.flush();
    }

    private void measure(LoaderRun run, VideoList videos, LoaderConfig config, Report report) {
        Optional<Ffmpeg> peer = ffmpeg && stepMillis == 0 ? Ffmpeg.find() : Optional.empty();
        List<Round> done = new ArrayList<>();
        try (SameVideos same = new SameVideos(videos, config)) {
            for (int round = 1; round <= rounds; round++) {
                LoaderRun.Load load = run.load(seconds);
                Result ours = Result.of(load, config.repeats());
                say("round %d of %d: %.1f clips/s, %.0f decoded frames/s, waiting %.0f %%, bound by %s%n", round,
                        rounds, ours.clips(), ours.frames(),
                        100 * ours.waiting(), ours.bound());
                done.add(peer.isEmpty() ? new Round(ours, null, null) : against(peer.get(), ours, load.videos(), same));
            }
        }
        done.forEach(report::result);
        report.table(ours(done, config));
        peer.ifPresentOrElse(command -> compare(command, done, report), () -> report.note("Not compared with ffmpeg: "
                + (stepMillis > 0
                        ? "with --step-ms the loader is not at its full speed."
                        : ffmpeg ? "there is none on the PATH." : "--no-ffmpeg.")));
    }

    /// Lets ffmpeg decode what was just loaded. The loader is idle then: its buffers are full.
    private Round against(Ffmpeg peer, Result ours, List<Integer> loaded, SameVideos same) {
        Ffmpeg.Pass whole = peer.decode(same.whole(loaded), workers(), Ffmpeg.Form.RGB);
        Ffmpeg.Pass part = peer.decode(same.asFarAsLoaded(loaded, whole), workers(), Ffmpeg.Form.NONE);
        Round round = new Round(ours, Peer.of(whole, whole.seconds()), Peer.of(part, part.busySeconds() / workers()));
        say("  ffmpeg: whole files to RGB %.1f videos/s, %.0f frames/s; decoding alone, as far as we do, %.1f "
                + "videos/s, %.0f frames/s%n",
                round.whole().videos(), round.whole().frames(), round.decoding().videos(), round.decoding().frames());
        return round;
    }

    private static void skipped(ClipLoader loader, Report report) {
        Map<DamageReason, Long> reasons = loader.skipped().stream()
                .collect(Collectors.groupingBy(SkippedVideo::reason, TreeMap::new, Collectors.counting()));
        if (!reasons.isEmpty()) {
            report.note("Videos skipped: " + reasons + ".");
        }
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> of) {
        return Stopwatch.median(rounds.stream().mapToDouble(of).toArray());
    }

    private Table ours(List<Round> done, LoaderConfig config) {
        double videos = median(done, r -> r.ours().videos());
        return new Table("loader", "clips/s", "videos/s", "decoded frames/s", "ms per batch", "data wait %",
                "reading %", "decode %", "augmentation %", "bound by")
                .row("ours", median(done, r -> r.ours().clips()), videos, median(done, r -> r.ours().frames()),
                        1e3 * config.videosPerBatch() / videos,
                        100 * median(done, r -> r.ours().waiting()), 100 * median(done, r -> r.ours().reading()),
                        100 * median(done, r -> r.ours().decode()),
                        100 * median(done, r -> r.ours().augmentation()), done.getLast().ours().bound());
    }

    private void compare(Ffmpeg command, List<Round> done, Report report) {
        Table table = new Table("ffmpeg", "videos/s", "frames/s", "ours / ffmpeg, videos/s", "ours / ffmpeg, frames/s");
        row(table, "whole files to raw RGB", done, Round::whole);
        row(table, "decoding alone, as far as the loader decodes, without its start-up", done, Round::decoding);
        report.table(table).note(String.format(Locale.ROOT,
                "Medians of %d rounds, ours and then %s on the same videos, %d processes at a time with one thread "
                        + "each.",
                rounds, command.version(), workers()));
    }

    private static void row(Table table, String name, List<Round> rounds, Function<Round, Peer> peer) {
        table.row(name, median(rounds, r -> peer.apply(r).videos()), median(rounds, r -> peer.apply(r).frames()),
                median(rounds, r -> r.ours().videos() / peer.apply(r).videos()),
                median(rounds, r -> r.ours().frames() / peer.apply(r).frames()));
    }

    private void soak(LoaderRun run, ClipLoader loader, Report report) {
        Table table = new Table("minute", "RSS MiB", "open handles");
        Plot plot = Plot.lines("rss", "Resident memory while loading", "minutes", "MiB");
        double[] next = new double[1];
        Soak soak = Soak.of(run, 60 * minutes, sample -> {
            plot.point("RSS", sample.seconds() / 60, sample.rss() / MIB);
            if (sample.seconds() >= next[0]) {
                next[0] = sample.seconds() + Math.max(60, 3 * minutes);
                table.row(sample.seconds() / 60, sample.rss() / MIB, sample.handles());
                say("%5.1f min  %.1f MiB  %d handles%n", sample.seconds() / 60, sample.rss() / MIB, sample.handles());
            }
        });
        Trend memory = soak.trend(sample -> sample.rss() / MIB);
        Trend handles = soak.trend(Footprint::handles);
        report.table(table).plot(plot).result(memory).result(handles).note(loader.report().toString())
                .note("Memory after the first quarter: " + words(memory, " MiB"))
                .note("Open handles after the first quarter: " + words(handles, ""));
    }

    private static String words(Trend trend, String unit) {
        return String.format(Locale.ROOT,
                "%s, mean %.1f%s, growth of the fitted line %+.2f, scatter around it %.2f (flat: growth within twice "
                        + "the scatter).",
                trend.flat() ? "flat" : "**not flat**", trend.mean(), unit, trend.growth(), trend.scatter());
    }
}
