package org.tornadomae.mae.train;

import org.tornadomae.nn.optim.AdamW;

/// The recipe of a run, whatever it trains (docs/spec.md, Pre-training recipe).
///
/// @param batches   how clips become steps
/// @param rate      the learning rate
/// @param optimizer AdamW's constants, weight decay and gradient clipping
/// @param length    of the run
/// @param seed      of everything random
/// @param saving    of checkpoints
public record TrainConfig(Batches batches, LearningRate rate, AdamW.Options optimizer, Length length, long seed,
        Saving saving) {
}
