package org.tornadomae.mae.train;

import java.util.Arrays;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.tornadomae.nn.Collective;

/// Two ranks as threads of one process.
final class TwoRanks {
    private final CyclicBarrier barrier = new CyclicBarrier(2);
    private final Object[] given = new Object[2];

    Collective rank(int rank) {
        return new Rank(rank);
    }

    private final class Rank implements Collective {
        private final int rank;

        private Rank(int rank) {
            this.rank = rank;
        }

        /// What both ranks give, in their order.
        private Object[] exchange(Object mine) {
            given[rank] = mine;
            barrier();
            Object[] both = given.clone();
            barrier();
            return both;
        }

        @Override
        public int rank() {
            return rank;
        }

        @Override
        public int size() {
            return 2;
        }

        @Override
        public void sum(float[] data) {
            Object[] both = exchange(data.clone());
            for (int i = 0; i < data.length; i++) {
                data[i] = ((float[]) both[0])[i] + ((float[]) both[1])[i];
            }
        }

        @Override
        public double sum(double... mine) {
            Object[] both = exchange(mine);
            return Collective.alone().sum((double[]) both[0]) + Collective.alone().sum((double[]) both[1]);
        }

        @Override
        public boolean any(boolean mine) {
            return Arrays.asList(exchange(mine)).contains(true);
        }

        @Override
        public void requireSame(String what, long mine) {
            Object[] both = exchange(mine);
            if (!both[0].equals(both[1])) {
                throw new IllegalStateException(what + " differs");
            }
        }

        @Override
        public void barrier() {
            try {
                barrier.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
                throw new IllegalStateException("the other rank did not come", e);
            }
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
