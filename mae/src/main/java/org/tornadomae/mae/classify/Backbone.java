package org.tornadomae.mae.classify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tornadomae.mae.model.ClassifierConfig;
import org.tornadomae.mae.model.ClipGeometry;
import org.tornadomae.mae.model.MaeConfig;
import org.tornadomae.mae.model.Positions;
import org.tornadomae.mae.model.Stack;
import org.tornadomae.mae.train.PretrainConfig;
import org.tornadomae.mae.train.Pretraining;
import org.tornadomae.mae.train.SavedRun;
import org.tornadomae.mae.weights.Facts;
import org.tornadomae.mae.weights.WeightImport;
import org.tornadomae.mae.weights.WeightPlan;
import org.tornadomae.nn.UserException;
import org.tornadomae.nn.file.TensorFile;
import org.tornadomae.video.clip.Normalisation;

/// An encoder in a file: a checkpoint of pre-training or fine-tuning, or weights from `mae import`.
///
/// @param clip     the clips it was trained on
/// @param encoder  its blocks
/// @param clsEmbed whether it has a class token
/// @param classes  names of the head's classes, where it has one
/// @param samplingRate frames of a 30 fps video between those of a clip
public record Backbone(ClipGeometry clip, Stack encoder, boolean clsEmbed, Optional<List<String>> classes,
        int samplingRate) {
    /// Of all programs' recipes.
    public static final int USUAL_RATE = 4;

    private static final double EPS = 1e-6; // LayerNorm's
    private static final String PIXELS = "0.45/0.225";

    /// @throws UserException when the file holds none, or one that computes otherwise than we do
    public static Backbone of(TensorFile file) {
        String objective = file.metadata().get("objective");
        if (Pretraining.NAME.equals(objective) || "tornado-mae 1".equals(file.metadata().get("format"))) {
            SavedRun<PretrainConfig> run = SavedRun.pretraining(file);
            MaeConfig model = run.config().model();
            return new Backbone(model.clip(), model.encoder(), model.clsEmbed(), Optional.empty(),
                    run.train().batches().samplingRate());
        }
        if (Classification.NAME.equals(objective)) {
            SavedRun<FinetuneConfig> run = SavedRun.of(file, Classification.NAME, FinetuneConfig.class);
            ClassifierConfig model = run.config().model();
            return new Backbone(model.clip(), model.encoder(), model.clsEmbed(), Optional.of(run.config().classes()),
                    run.train().batches().samplingRate());
        }
        String architecture = file.metadata().get("architecture");
        if (architecture == null) {
            throw new UserException(file.file()
                    + ": says nothing about its model; bring weights of other programs in with"
                    + " 'mae import' first");
        }
        return imported(file, architecture);
    }

    private static Backbone imported(TensorFile file, String architecture) {
        try {
            JsonNode node = new ObjectMapper().readTree(architecture);
            requireSame(file, node);
            int embedDim = whole(file, node, "embed_dim");
            int hidden = file.entry("blocks.0.mlp.fc1.weight").shape()[0];
            double ratio = (double) hidden / embedDim;
            Stack encoder = new Stack(embedDim, whole(file, node, "depth"), whole(file, node, "num_heads"),
                    (int) (embedDim * ratio) == hidden ? ratio : Math.nextUp(ratio),
                    node.path("positions").asText().equals("separable") ? Positions.SEPARABLE : Positions.JOINT,
                    !node.path("no_qkv_bias").asBoolean());
            ClipGeometry clip = new ClipGeometry(whole(file, node, "num_frames"), whole(file, node, "img_size"),
                    whole(file, node, "t_patch_size"), whole(file, node, "patch_size"));
            Optional<List<String>> names = node.has("num_classes")
                    ? Optional.of(numbered(whole(file, node, "num_classes")))
                    : Optional.empty();
            return new Backbone(clip, encoder, node.path("cls_embed").asBoolean(), names, USUAL_RATE);
        } catch (JsonProcessingException e) {
            throw new UserException(file.file() + ": its metadata 'architecture' is not JSON", e);
        }
    }

    private static int whole(TensorFile file, JsonNode node, String key) {
        if (!node.path(key).isInt()) {
            throw new UserException(file.file() + ": its metadata 'architecture' has no whole number '" + key + "'");
        }
        return node.path(key).asInt();
    }

    private static void requireSame(TensorFile file, JsonNode node) {
        double eps = node.path("norm_eps").asDouble(EPS);
        double headEps = node.path("head_norm_eps").asDouble(eps);
        if (eps != EPS || headEps != EPS) {
            throw new UserException(file.file() + ": was trained with LayerNorm eps " + eps + " (" + headEps
                    + " before the head); only " + EPS + " is computed here");
        }
        for (String[] part : new String[][] {{"pixel_mean", "0.45"}, {"pixel_std", "0.225"}}) {
            for (JsonNode value : node.path(part[0])) {
                if ((float) value.asDouble() != Float.parseFloat(part[1])) {
                    throw new UserException(file.file() + ": was trained on pixels normalised by " + part[0] + " "
                            + node.path(part[0]) + "; only " + PIXELS + " is read here");
                }
            }
        }
    }

    /// Names for classes that have none: "class 0", "class 1", …
    public static List<String> numbered(int classes) {
        return IntStream.range(0, classes).mapToObj(k -> "class " + k).toList();
    }

    /// The encoder's tensors, and the head's where there is one, with positions resized to other clips.
    ///
    /// @param file the file that this came from; it must stay open while they are read
    /// @throws UserException when tensors are missing or left over
    public WeightPlan weights(TensorFile file, ClipGeometry wanted) {
        if (wanted.tPatchSize() != clip.tPatchSize() || wanted.patchSize() != clip.patchSize()) {
            throw new UserException(file.file() + ": has patches of " + clip.tPatchSize() + "x" + clip.patchSize() + "x"
                    + clip.patchSize() + ", which cannot become others");
        }
        WeightPlan plan = WeightImport.plan(file, facts(wanted), facts(clip), true);
        plan.requireComplete(List.of());
        return plan;
    }

    private Facts facts(ClipGeometry sizes) {
        return new Facts(Optional.of(encoder.numHeads()), Optional.empty(), Optional.of(EPS), Optional.empty(),
                Optional.of(Normalisation.parse(PIXELS)), Optional.of(sizes.numFrames()), Optional.of(sizes.imgSize()),
                Optional.of(sizes.tPatchSize()));
    }
}
