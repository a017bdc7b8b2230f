package org.tornadomae.mae.classify;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.tornadomae.kernels.Backend;
import org.tornadomae.mae.train.RunListener;
import org.tornadomae.video.source.VideoList;
import org.tornadomae.video.views.TestViews;

/// Looks at videos that are not trained on whenever a checkpoint is complete: one view of each, from its middle. The
/// two public codes take a random view there instead; neither is the test (docs/finetune.md, Test).
public final class Validation implements RunListener {
    private static final int BATCH = 4;

    private final VideoList videos;
    private final Backend backend;
    private final int workers;
    private final List<RunListener> others;

    /// @param videos  with their labels
    /// @param workers decoder threads
    /// @param others  are told the result
    public Validation(VideoList videos, Backend backend, int workers, List<RunListener> others) {
        this.videos = videos;
        this.backend = backend;
        this.workers = workers;
        this.others = List.copyOf(others);
    }

    @Override
    public void checkpoint(long step, Path file) {
        Trained trained = Trained.open(file, BATCH);
        try (ViewRunner runner = new ViewRunner(trained, new TestViews(1, 1), backend, workers)) {
            Accuracy accuracy = Evaluation.quick(runner, videos, trained.classes().size());
            Map<String, Double> values = Map.of("top1", accuracy.top1(), "top5", accuracy.top5());
            others.forEach(listener -> listener.evaluation(step, values));
        }
    }
}
