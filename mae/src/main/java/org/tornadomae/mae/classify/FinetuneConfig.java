package org.tornadomae.mae.classify;

import java.util.List;
import org.tornadomae.mae.model.ClassifierConfig;

/// What is fine-tuned, and on what.
///
/// @param model   the classifier
/// @param augment how clips are varied
/// @param masking of tokens
/// @param classes names, one for each class
/// @param start   the weights that it started from, in words
public record FinetuneConfig(ClassifierConfig model, Augment augment, MaskAnnealing masking, List<String> classes,
        String start) {
}
