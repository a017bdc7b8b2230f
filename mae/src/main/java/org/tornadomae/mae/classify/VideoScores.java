package org.tornadomae.mae.classify;

/// Scores of videos from the logits of their views: the sum over the views of the softmax, in whatever order the views
/// come (mae_st, PySlowFast and VideoMAE alike: first the softmax, then the mean).
public final class VideoScores {
    private final int classes;
    private final double[] sums; // [videos][classes]
    private final int[] views;

    /// @param videos  how many
    /// @param classes K
    public VideoScores(int videos, int classes) {
        this.classes = classes;
        this.sums = new double[Math.multiplyExact(videos, classes)];
        this.views = new int[videos];
    }

    /// Adds one view.
    ///
    /// @param video  whose view, from 0
    /// @param logits holds K values at `offset`
    /// @throws IllegalArgumentException when a logit is not finite
    public void add(int video, float[] logits, int offset) {
        double max = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < classes; k++) {
            if (!Float.isFinite(logits[offset + k])) {
                throw new IllegalArgumentException("logit " + k + " of video " + video + " is " + logits[offset + k]);
            }
            max = Math.max(max, logits[offset + k]);
        }
        double sum = 0;
        for (int k = 0; k < classes; k++) {
            sum += Math.exp(logits[offset + k] - max);
        }
        for (int k = 0; k < classes; k++) {
            sums[video * classes + k] += Math.exp(logits[offset + k] - max) / sum;
        }
        views[video]++;
    }

    /// Views that a video got so far; one with none has no result, and nothing stands in for it.
    public int views(int video) {
        return views[video];
    }

    /// Probabilities of a video's classes, the mean over its views; NaN without a view.
    public double[] probabilities(int video) {
        double[] mean = new double[classes];
        for (int k = 0; k < classes; k++) {
            mean[k] = sums[video * classes + k] / views[video];
        }
        return mean;
    }
}
