package org.tornadomae.mae.classify;

import java.util.function.IntConsumer;
import org.tornadomae.nn.UserException;
import org.tornadomae.video.codec.DamageReason;
import org.tornadomae.video.source.VideoList;

/// From the views of labelled videos to an accuracy.
public final class Evaluation {
    private Evaluation() {}

    /// Shares of the classes of one video: the mean over its views of the softmax.
    ///
    /// @param logits `[views][K]`
    /// @throws UserException when they are not finite
    public static double[] shares(float[] logits, int classes) {
        for (float logit : logits) {
            if (!Float.isFinite(logit)) {
                throw new UserException("the classifier's output is " + logit + ": its weights are damaged");
            }
        }
        VideoScores scores = new VideoScores(1, classes);
        for (int at = 0; at < logits.length; at += classes) {
            scores.add(0, logits, at);
        }
        return scores.probabilities(0);
    }

    /// Tests all videos of a list, and goes on where a file of predictions ends.
    ///
    /// @param done told how many videos are finished
    public static Accuracy test(ViewRunner runner, VideoList videos, int classes, Predictions predictions,
            IntConsumer done) {
        Accuracy accuracy = new Accuracy(classes);
        predictions.rows().forEach(row -> count(accuracy, row));
        runner.run(videos.videos(), videos.decoder(), predictions.rows().size(), new ViewRunner.Sink() {
            @Override
            public void video(int index, float[] logits, float[] features) {
                predictions.add(videos, shares(logits, classes));
                counted();
            }

            @Override
            public void unusable(int index, DamageReason reason) {
                predictions.addWithout(videos, reason.toString());
                counted();
            }

            private void counted() {
                count(accuracy, predictions.rows().getLast());
                done.accept(predictions.rows().size());
            }
        });
        return accuracy;
    }

    private static void count(Accuracy accuracy, Predictions.Row row) {
        if (row.ranked().length == 0) {
            accuracy.addWithout();
        } else {
            accuracy.add(row.label(), row.ranked());
        }
    }

    /// The accuracy alone, without a file.
    public static Accuracy quick(ViewRunner runner, VideoList videos, int classes) {
        Accuracy accuracy = new Accuracy(classes);
        runner.run(videos.videos(), videos.decoder(), 0, new ViewRunner.Sink() {
            @Override
            public void video(int index, float[] logits, float[] features) {
                accuracy.add(videos.label(index), Ranking.top(shares(logits, classes), Accuracy.FEW));
            }

            @Override
            public void unusable(int index, DamageReason reason) {
                accuracy.addWithout();
            }
        });
        return accuracy;
    }
}
