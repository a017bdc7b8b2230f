package org.tornadomae.mae.classify;

import java.nio.file.Path;
import java.util.List;
import org.tornadomae.mae.model.Classifier;
import org.tornadomae.mae.model.ClassifierConfig;
import org.tornadomae.nn.UserException;
import org.tornadomae.nn.file.Checkpoints;
import org.tornadomae.nn.file.TensorFile;
import org.tornadomae.nn.file.TensorFiles;

/// A trained encoder, with its head if it has one, ready to look at videos.
///
/// @param model        for batches of clips
/// @param classes      names, one for each class; none where there is no head
/// @param samplingRate frames of a 30 fps video between those of a clip
public record Trained(Classifier model, List<String> classes, int samplingRate) {
    /// Loads a checkpoint, or weights from `mae import`.
    ///
    /// @param batch clips that it looks at together
    /// @throws UserException when the file holds no encoder
    public static Trained open(Path file, int batch) {
        try (TensorFile tensors = TensorFiles.open(file)) {
            Backbone backbone = Backbone.of(tensors);
            List<String> classes = backbone.classes().orElse(List.of());
            ClassifierConfig config = new ClassifierConfig(backbone.clip(), backbone.encoder(), backbone.clsEmbed(),
                    Math.max(1, classes.size()), ClassifierConfig.Drop.NONE, false);
            Classifier model = Classifier.forInference(config, batch);
            Checkpoints.loadWeights(backbone.weights(tensors, backbone.clip()), model.params(),
                    name -> !classes.isEmpty() || !name.startsWith("head."));
            return new Trained(model, classes, backbone.samplingRate());
        }
    }

    /// @throws UserException when there are no classes to tell
    public Trained requireHead(Path file) {
        if (classes.isEmpty()) {
            throw new UserException(file + ": has no classifier's head; 'mae finetune' makes one");
        }
        return this;
    }
}
