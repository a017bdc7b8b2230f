package org.tornadomae.video;

import java.util.random.RandomGenerator;
import org.tornadomae.video.ClipRandom.Purpose;

/** Which videos make up a batch: a seeded permutation of all of them per epoch, without the incomplete last batch. */
final class EpochOrder {

    private final int videos;
    private final int perBatch;
    private final ClipRandom random;
    private long epoch = -1;
    private int[] order;

    EpochOrder(int videos, int perBatch, ClipRandom random) {
        this.videos = videos;
        this.perBatch = perBatch;
        this.random = random;
    }

    long batchesPerEpoch() {
        return videos / perBatch;
    }

    long epochOf(long batch) {
        return batch / batchesPerEpoch();
    }

    /** Index of the video whose turn it is at place {@code slot} of a batch. */
    int video(long batch, int slot) {
        if (epochOf(batch) != epoch) {
            epoch = epochOf(batch);
            order = permutation(random.of(epoch, 0, 0, Purpose.ORDER));
        }
        return order[(int) (batch % batchesPerEpoch()) * perBatch + slot];
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
