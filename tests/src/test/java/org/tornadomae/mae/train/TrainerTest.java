package org.tornadomae.mae.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tornadomae.kernels.open.Backends;
import org.tornadomae.mae.mask.MaskConfig;
import org.tornadomae.mae.mask.MaskKind;
import org.tornadomae.mae.model.TestConfig;
import org.tornadomae.nn.optim.AdamW;
import org.tornadomae.nn.Collective;
import org.tornadomae.nn.UserException;
import org.tornadomae.nn.file.TensorFile;
import org.tornadomae.nn.file.TensorFiles;
import org.tornadomae.video.clip.LoaderResources;
import org.tornadomae.video.source.VideoList;
import org.tornadomae.video.synthetic.SyntheticClips;

/// The loop around an objective: what listeners hear, and ranks that share a step.
class TrainerTest {
    @TempDir
    private static Path folder;
    private static VideoList videos;

    @BeforeAll
    static void prepare() throws IOException {
        Path clips = folder.resolve("clips");
        new SyntheticClips(48, 48, 24, 7).write(clips, 6);
        videos = VideoList.of(clips.toString(), folder.resolve("index"), (_, _) -> {});
    }

    private static TrainConfig recipe(int accumulation, long steps) {
        return new TrainConfig(new Batches(1, 2, accumulation, 2), new LearningRate(1e-3, 0, 0, 0),
                AdamW.Options.PAPER, new Length(0, steps), 3, new Saving(2, 2));
    }

    private static Pretraining objective(TrainConfig train) {
        MaskConfig mask = new MaskConfig(MaskKind.RANDOM, 0.5);
        return new Pretraining(new PretrainConfig(new TestConfig().build(), mask), train);
    }

    private static Trainer<PretrainConfig> trainer(Path out, Pretraining objective, TrainConfig train, Collective ranks,
            RunListener... listeners) {
        RunFolder run = RunFolder.open(out);
        return new Trainer<>(objective, train, new Trainer.Data(videos, new LoaderResources(1, 1 << 20, skipped -> {})),
                new Trainer.Place(Backends.open("loop"), ranks, run), run.latest(), List.of(listeners));
    }

    private static Trainer<PretrainConfig> trainer(String out, TrainConfig train, Collective ranks,
            RunListener... listeners) {
        return trainer(folder.resolve(out), objective(train), train, ranks, listeners);
    }

    private static final class Recorder implements RunListener {
        private final List<String> events = new ArrayList<>();
        private final List<Double> losses = new ArrayList<>();

        @Override
        public void start(Start run) {
            events.add("start " + run.stepsDone() + "/" + run.totalSteps());
        }

        @Override
        public void step(Metrics metrics) {
            events.add("step " + metrics.step());
            losses.add(metrics.loss());
        }

        @Override
        public void checkpoint(long step, Path file) {
            assertTrue(Files.exists(file), file.toString());
            events.add("checkpoint " + step);
        }

        @Override
        public void end(long stepsDone) {
            events.add("end " + stepsDone);
        }
    }

    private static List<String> events(String out, long steps) {
        Recorder recorder = new Recorder();
        try (Trainer<?> trainer = trainer(out, recipe(1, steps), Collective.alone(), recorder)) {
            trainer.run();
        }
        return recorder.events;
    }

    @Test
    void listenersHearTheWholeRun() {
        assertEquals(List.of("start 0/3", "step 1", "step 2", "checkpoint 2", "step 3", "checkpoint 3", "end 3"),
                events("heard", 3));
        assertEquals(List.of("start 3/4", "step 4", "checkpoint 4", "end 4"), events("heard", 4));
    }

    @Test
    void aStoppedRunSavesAndEnds() {
        Recorder recorder = new Recorder();
        Trainer<?>[] self = new Trainer<?>[1];
        RunListener stopper = new RunListener() {
            @Override
            public void step(Metrics metrics) {
                self[0].stop();
            }
        };
        try (Trainer<?> trainer = trainer("stopped", recipe(1, 9), Collective.alone(), recorder, stopper)) {
            self[0] = trainer;
            trainer.run();
        }
        assertEquals(List.of("start 0/9", "step 1", "checkpoint 1", "end 1"), recorder.events);
    }

    /// Six videos, four to a step: an epoch is a step and a half, and two epochs see each video twice.
    @Test
    void epochsAreVisitsOfEachVideoWhateverTheAccumulation() {
        TrainConfig steps = recipe(4, 1);
        TrainConfig train = new TrainConfig(steps.batches(), steps.rate(), steps.optimizer(), new Length(2, 0), 3,
                steps.saving());
        List<Double> epochs = new ArrayList<>();
        Path out = folder.resolve("epochs");
        RunListener listener = new RunListener() {
            @Override
            public void start(Start run) {
                assertEquals(1.5, run.stepsPerEpoch());
            }

            @Override
            public void step(Metrics metrics) {
                epochs.add(metrics.epoch());
            }
        };
        try (Trainer<?> trainer = trainer(out, objective(train), train, Collective.alone(), listener)) {
            assertEquals(0, trainer.leftOutPerEpoch());
            assertEquals(3, trainer.totalSteps());
            try (TensorFile file = TensorFiles.open(trainer.run())) {
                assertEquals(new SavedRun.Cursor(3, 2, 12), SavedRun.pretraining(file).at());
            }
        }
        assertEquals(List.of(0.0, 1 / 1.5, 2 / 1.5), epochs);
    }

    /// A run that saves every second step and keeps one, and whose weights are replaced before it saves step 4.
    private static UserException ruined(String out, float by) {
        TrainConfig steps = recipe(1, 9);
        TrainConfig train = new TrainConfig(steps.batches(), steps.rate(), steps.optimizer(), steps.length(), 3,
                new Saving(2, 1));
        Pretraining objective = objective(train);
        RunListener ruin = new RunListener() {
            @Override
            public void step(Metrics metrics) {
                if (metrics.step() == 4) {
                    Arrays.fill(objective.params().values(), by);
                }
            }
        };
        try (Trainer<?> trainer = trainer(folder.resolve(out), objective, train, Collective.alone(), ruin)) {
            return assertThrows(UserException.class, trainer::run);
        }
    }

    @Test
    void weightsAreCheckedBeforeTheyAreSaved() {
        UserException e = ruined("nan", Float.NaN);
        assertTrue(e.getMessage().contains("ruined the weights") && e.getMessage().contains("parameter "),
                e.getMessage());
        assertEquals("checkpoint-00000002.safetensors",
                RunFolder.open(folder.resolve("nan")).latest().orElseThrow().getFileName().toString());
    }

    /// Weights of 1e30 are finite, the loss that they give is not.
    @Test
    void theLastGoodCheckpointOutlivesOneThatOnlyLooksGood() {
        UserException e = ruined("huge", 1e30f);
        assertTrue(e.getMessage().startsWith("step 5: "), e.getMessage());
        assertTrue(Files.exists(folder.resolve("huge/checkpoint-00000004.safetensors")));
        assertTrue(Files.exists(folder.resolve("huge/checkpoint-00000002.safetensors")), "the one before");
    }

    @Test
    void fewerStepsThanAreDoneAreRefused() {
        events("enough", 4);
        UserException e = assertThrows(UserException.class, () -> events("enough", 3));
        assertTrue(e.getMessage().contains("has done 4 steps already, more than the 3"), e.getMessage());
    }

    /// Two ranks on two of a step's micro-batches each: the losses are those of one rank on all four. Before the first
    /// update they differ only by the order in which four losses are added; later also by that of the gradients, a few
    /// roundings in steps of 1e-3. Were masks or clips keyed by rank, losses would differ in the second digit.
    @Test
    void ranksShareAStep() throws ExecutionException, InterruptedException {
        Recorder one = new Recorder();
        try (Trainer<?> trainer = trainer("one", recipe(4, 3), Collective.alone(), one)) {
            trainer.run();
        }
        TwoRanks ranks = new TwoRanks();
        List<Recorder> two = List.of(new Recorder(), new Recorder());
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<float[]> first = threads.submit(() -> weights(ranks.rank(0), two.get(0)));
            Future<float[]> second = threads.submit(() -> weights(ranks.rank(1), two.get(1)));
            assertArrayEquals(first.get(), second.get(), 0f);
        }
        assertEquals(two.get(0).losses, two.get(1).losses);
        assertEquals(3, one.losses.size());
        for (int step = 0; step < 3; step++) {
            double tolerance = step == 0 ? 1e-15 : 1e-5;
            double loss = one.losses.get(step);
            assertEquals(loss, two.getFirst().losses.get(step), tolerance * loss, "step " + step);
        }
    }

    private static float[] weights(Collective rank, RunListener listener) {
        TrainConfig train = recipe(4, 3);
        Pretraining objective = objective(train);
        Path out = folder.resolve("two");
        try (Trainer<?> trainer = trainer(out, objective, train, rank, listener)) {
            trainer.run();
        }
        return objective.params().values().clone();
    }

    @Test
    void stepsThatCannotBeSharedAreRefused() {
        Collective first = new TwoRanks().rank(0);
        UserException e = assertThrows(UserException.class, () -> trainer("refused", recipe(3, 1), first).close());
        assertTrue(e.getMessage().contains("accumulation 3"), e.getMessage());
    }
}
