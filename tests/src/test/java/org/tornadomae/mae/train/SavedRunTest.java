package org.tornadomae.mae.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tornadomae.mae.mask.MaskConfig;
import org.tornadomae.mae.mask.MaskKind;
import org.tornadomae.mae.model.ClipGeometry;
import org.tornadomae.mae.model.MaeConfig;
import org.tornadomae.mae.model.Positions;
import org.tornadomae.mae.model.Stack;
import org.tornadomae.mae.model.Targets;
import org.tornadomae.nn.WeightDecayRule;
import org.tornadomae.nn.optim.AdamW;
import org.tornadomae.nn.Init;
import org.tornadomae.nn.ParamLayout;
import org.tornadomae.nn.Params;
import org.tornadomae.nn.UserException;
import org.tornadomae.nn.file.Checkpoints;
import org.tornadomae.nn.file.TensorFile;
import org.tornadomae.nn.file.TensorFiles;
import org.tornadomae.video.clip.Normalisation;

/// Metadata of checkpoints: there and back, and as version 0.1 wrote it.
class SavedRunTest {
    private static final MaeConfig MODEL = new MaeConfig(new ClipGeometry(4, 16, 2, 8),
            new Stack(12, 2, 3, 4, Positions.SEPARABLE, true), new Stack(8, 1, 2, 4, Positions.JOINT, true), true,
            false,
            new Targets(true, 2, false));
    private static final TrainConfig RECIPE = new TrainConfig(new Batches(2, 3, 5, 4),
            new LearningRate(0.001, 0.0016, 0, -1),
            new AdamW.Options(0.9, 0.95, 1e-8, 0.05, 0.02, 1, WeightDecayRule.PYSLOWFAST),
            new Length(100, 12), 9, new Saving(4, 3));
    private static final SavedRun<PretrainConfig> RUN = new SavedRun<>("pretraining",
            new PretrainConfig(MODEL, new MaskConfig(MaskKind.TUBE, 0.5)), RECIPE,
            new SavedRun.Cursor(12, 4, 60), "5a62", "loop");
    private static final Map<String, String> FORMAT_ONE = Map.of("format", "tornado-mae 1", "step", "12",
            "epoch", "4.0", "batches", "60", "dataset", "5a62", "device", "loop",
            "config", """
                    {"imgSize":16,"patchSize":8,"numFrames":4,"tPatchSize":2,"embedDim":12,"depth":2,"numHeads":3,\
                    "decoderEmbedDim":8,"decoderDepth":1,"decoderNumHeads":2,"mlpRatio":4.0,"sepPosEmbed":true,\
                    "decoderSepPosEmbed":false,"clsEmbed":true,"carryClassToken":false,"qkvBias":true,\
                    "normPixLoss":true,"predTDim":2,"linspaceTargets":false}""",
            "train", """
                    {"batchSize":2,"repeatAug":3,"accumulation":5,"mask":"TUBE","maskRatio":0.5,"lr":0.001,\
                    "blr":0.0016,"minLr":0.0,"warmupEpochs":-1.0,"weightDecay":0.05,"clipGrad":0.02,"epochs":100.0,\
                    "steps":12,"samplingRate":4,"seed":9,"saveEvery":4,"keepLast":3}""");

    /// Such a run at another step.
    static SavedRun<PretrainConfig> at(long step) {
        return new SavedRun<>(RUN.objective(), RUN.config(), RUN.train(),
                new SavedRun.Cursor(step, step / 3.0, 5 * step), RUN.dataset(), RUN.device());
    }

    @TempDir
    private Path folder;

    private TensorFile file(Map<String, String> metadata) {
        ParamLayout layout = new ParamLayout();
        layout.declare("w", Init.ZEROS, 1);
        Path file = folder.resolve("a.safetensors");
        Checkpoints.save(file, Params.forTraining(layout), metadata);
        return TensorFiles.open(file);
    }

    @Test
    void thereAndBack() {
        try (TensorFile file = file(RUN.toMetadata())) {
            assertEquals(RUN, SavedRun.pretraining(file));
        }
    }

    /// What a model cannot run without travels: colours, eps, positions.
    @Test
    void thereAndBackOfAnUnusualModel() {
        Stack stack = new Stack(12, 2, 3, 4, Positions.SINCOS, true, 1e-12);
        Stack learned = new Stack(8, 1, 2, 4, new Positions(Positions.Kind.JOINT, Positions.Start.SINCOS), true, 1e-5);
        MaeConfig model = new MaeConfig(new ClipGeometry(4, 16, 2, 8, Normalisation.IMAGENET), stack, learned, true,
                false, new Targets(true, 2, false));
        SavedRun<PretrainConfig> run = new SavedRun<>("pretraining",
                new PretrainConfig(model, new MaskConfig(MaskKind.TUBE, 0.5)), RECIPE, new SavedRun.Cursor(12, 4, 60),
                "5a62", "loop");
        try (TensorFile file = file(run.toMetadata())) {
            assertEquals(run, SavedRun.pretraining(file));
        }
    }

    @Test
    void versionOneStillLoads() {
        try (TensorFile file = file(FORMAT_ONE)) {
            assertEquals(RUN, SavedRun.pretraining(file));
        }
    }

    @Test
    void changesAreListed() {
        TrainConfig other = new TrainConfig(RECIPE.batches(), new LearningRate(0.002, 0.0016, 0, -1),
                RECIPE.optimizer(), RECIPE.length(), 9, RECIPE.saving());
        PretrainConfig tubes = new PretrainConfig(MODEL, new MaskConfig(MaskKind.RANDOM, 0.5));
        assertEquals(List.of("mask.kind TUBE -> RANDOM", "rate.lr 0.001 -> 0.002"), RUN.changes(tubes, other));
        assertEquals(List.of(), RUN.changes(RUN.config(), RECIPE));
    }

    private void refused(Map<String, String> metadata, Consumer<Map<String, String>> change, String... words) {
        Map<String, String> changed = new HashMap<>(metadata);
        change.accept(changed);
        try (TensorFile file = file(changed)) {
            UserException e = assertThrows(UserException.class, () -> SavedRun.pretraining(file));
            assertEquals(1, e.getMessage().lines().count(), e.getMessage());
            for (String word : words) {
                assertTrue(e.getMessage().contains(word), e.getMessage());
            }
        }
    }

    @Test
    void damagedMetadataGetsOneLine() {
        refused(RUN.toMetadata(), m -> m.remove("format"), "not a checkpoint of this program");
        refused(RUN.toMetadata(), m -> m.put("objective", "classification"), "classification", "pretraining");
        refused(RUN.toMetadata(), m -> m.put("config", "{"), "damaged");
        refused(RUN.toMetadata(), m -> m.remove("train"), "damaged");
        refused(RUN.toMetadata(), m -> m.put("step", "many"), "damaged");
        refused(RUN.toMetadata(), m -> m.put("config", m.get("config").replace("\"patchSize\":8", "\"patchSize\":5")),
                "patch size 5");
        refused(RUN.toMetadata(), m -> m.put("batches", "61"), "61 batches");
        refused(RUN.toMetadata(), m -> m.put("config", m.get("config").replace("\"clsEmbed\":true,", "")), "clsEmbed");
        refused(RUN.toMetadata(), m -> m.put("config", m.get("config").replace("\"depth\":2", "\"depth\":\"2\"")),
                "damaged", "depth");
        refused(FORMAT_ONE, m -> m.put("config", m.get("config").replace("\"depth\":2,", "")), "damaged", "depth");
        refused(FORMAT_ONE, m -> m.remove("train"), "damaged");
    }
}
