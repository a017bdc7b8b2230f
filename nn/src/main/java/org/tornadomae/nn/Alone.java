package org.tornadomae.nn;

/// The one rank of a run without others: what it has is the sum already.
enum Alone implements Collective {
    INSTANCE;

    @Override
    public int rank() {
        return 0;
    }

    @Override
    public int size() {
        return 1;
    }

    @Override
    public void sum(float[] data) {
        // the sum of one array is that array
    }

    @Override
    public double sum(double... mine) {
        if (Integer.bitCount(mine.length) != 1) {
            throw new IllegalArgumentException(mine.length + " values are not a power of two");
        }
        return BalancedTree.sum(mine);
    }

    @Override
    public boolean any(boolean mine) {
        return mine;
    }

    @Override
    public void requireSame(String what, long mine) {
        // nobody to differ from
    }

    @Override
    public void barrier() {
        // nobody to wait for
    }

    @Override
    public void close() {
        // nothing was opened
    }
}
