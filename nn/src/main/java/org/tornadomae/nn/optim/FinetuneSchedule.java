package org.tornadomae.nn.optim;

/// The learning rate of a fine-tuning run: [CosineSchedule], except that the warm-up may begin above 0, as it does in
/// PySlowFast. The layers' scales (see [org.tornadomae.nn.Param#level]) multiply the whole of it.
///
/// @param cosine   warm-up from 0 and half a cosine: all of mae_st's schedule
/// @param warmupLr where the warm-up begins: 0 in mae_st, 1e-8 times the number of shards in PySlowFast
public record FinetuneSchedule(CosineSchedule cosine, double warmupLr) {

    /// @param epoch fractional epoch of the step, from 0
    public double lr(double epoch) {
        if (epoch < cosine.warmupEpochs()) {
            return warmupLr + (cosine.peakLr() - warmupLr) * epoch / cosine.warmupEpochs();
        }
        return cosine.lr(epoch);
    }
}
