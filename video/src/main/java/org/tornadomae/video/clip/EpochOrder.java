package org.tornadomae.video.clip;

import java.util.random.RandomGenerator;
import org.tornadomae.video.clip.ClipRandom.Purpose;

/// Which videos make up a batch: a seeded permutation of all of them per epoch, without the incomplete last batch; of
/// each batch of all processes together the piece of this one.
final class EpochOrder {

    private final int videos;
    private final int perBatch; // of all processes
    private final int firstSlot; // of this one
    private final ClipRandom random;
    private long epoch = -1;
    private int[] order;

    EpochOrder(int videos, int perShard, Shard shard, ClipRandom random) {
        this.videos = videos;
        this.perBatch = Math.multiplyExact(perShard, shard.of());
        this.firstSlot = perShard * shard.rank();
        this.random = random;
    }

    long batchesPerEpoch() {
        return videos / perBatch;
    }

    long epochOf(long batch) {
        return batch / batchesPerEpoch();
    }

    /// Index of the video whose turn it is at place `slot` of a batch.
    int video(long batch, int slot) {
        if (epochOf(batch) != epoch) {
            epoch = epochOf(batch);
            order = permutation(random.of(epoch, 0, 0, Purpose.ORDER));
        }
        return order[(int) (batch % batchesPerEpoch()) * perBatch + firstSlot + slot];
    }

    private int[] permutation(RandomGenerator generator) {
        int[] shuffled = new int[videos];
        for (int i = 0; i < videos; i++) { // Fisher-Yates, inside out
            int j = generator.nextInt(i + 1);
            shuffled[i] = shuffled[j];
            shuffled[j] = i;
        }
        return shuffled;
    }
}
