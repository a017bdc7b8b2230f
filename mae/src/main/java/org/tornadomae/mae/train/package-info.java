/// Training: [Trainer] is the loop, an [Objective] what it trains, a [RunListener] whoever follows it.
///
/// The recipe comes in parts ([TrainConfig]); a checkpoint keeps it beside the weights ([SavedRun]).
package org.tornadomae.mae.train;
