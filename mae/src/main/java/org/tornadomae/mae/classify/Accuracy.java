package org.tornadomae.mae.classify;

/// Counts of right and wrong answers.
public final class Accuracy {
    /// How many of the ranked classes it looks at.
    static final int FEW = 5;

    private final int[][] confusion; // [label][predicted]
    private int videos;
    private int top1;
    private int top5;
    private int without;

    /// @param classes K
    public Accuracy(int classes) {
        this.confusion = new int[classes][classes];
    }

    /// One video's answer.
    ///
    /// @param ranked classes, the best first, at least five of them or all
    public void add(int label, int[] ranked) {
        videos++;
        confusion[label][ranked[0]]++;
        top1 += ranked[0] == label ? 1 : 0;
        for (int i = 0; i < Math.min(FEW, ranked.length); i++) {
            top5 += ranked[i] == label ? 1 : 0;
        }
    }

    /// A video that could not be looked at; it counts neither as right nor as wrong.
    public void addWithout() {
        without++;
    }

    /// Videos with a result.
    public int videos() {
        return videos;
    }

    /// Videos without a result.
    public int without() {
        return without;
    }

    /// Share of videos whose class came first; NaN without any.
    public double top1() {
        return (double) top1 / videos;
    }

    /// Share of videos whose class was among the first five.
    public double top5() {
        return (double) top5 / videos;
    }

    /// Share of a class's videos that were recognised; NaN where it has none.
    public double ofClass(int label) {
        return (double) confusion[label][label] / videosOf(label);
    }

    /// Videos of a class with a result.
    public int videosOf(int label) {
        int sum = 0;
        for (int count : confusion[label]) {
            sum += count;
        }
        return sum;
    }

    /// Counts of videos `[label][predicted]`.
    public int[][] confusion() {
        int[][] copy = new int[confusion.length][];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = confusion[i].clone();
        }
        return copy;
    }
}
