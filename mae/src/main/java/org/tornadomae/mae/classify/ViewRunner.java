package org.tornadomae.mae.classify;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.tornadomae.kernels.Backend;
import org.tornadomae.kernels.Plan;
import org.tornadomae.mae.model.Classifier;
import org.tornadomae.mae.model.ClipGeometry;
import org.tornadomae.video.clip.ClipShape;
import org.tornadomae.video.codec.DamageReason;
import org.tornadomae.video.codec.DamagedVideoException;
import org.tornadomae.video.codec.Decoder;
import org.tornadomae.video.source.Video;
import org.tornadomae.video.views.TestViews;
import org.tornadomae.video.views.VideoViews;
import org.tornadomae.video.views.ViewReader;

/// Looks at videos one after the other, each decoded once: all views of a video through the classifier, while the next
/// ones are decoded on other threads. Results come in the order of the list, and do not depend on the number of
/// threads.
public final class ViewRunner implements AutoCloseable {
    /// Takes what was seen of a video.
    public interface Sink {
        /// @param logits   `[views][K]`
        /// @param features `[views][C]`
        void video(int index, float[] logits, float[] features);

        /// The video has no result, and nothing stands in for it.
        void unusable(int index, DamageReason reason);
    }

    private final Classifier model;
    private final int batch;
    private final Plan plan;
    private final TestViews views;
    private final ViewReader reader;
    private final int workers;
    private final ExecutorService decoders;

    /// @param workers decoder threads
    public ViewRunner(Trained trained, TestViews views, Backend backend, int workers) {
        this.model = trained.model();
        this.batch = model.shape().batch();
        ClipGeometry clip = model.config().clip();
        this.views = views;
        this.reader = new ViewReader(views, clip.shape(),
                trained.samplingRate());
        this.workers = workers;
        this.decoders = Executors.newFixedThreadPool(workers,
                Thread.ofPlatform().daemon().name("view-worker-", 0).factory());
        this.plan = backend.compile(List.of(model.forward()));
    }

    /// Looks at videos from number `first` on.
    ///
    /// @param decoder how they are decoded
    public void run(List<Video> videos, Decoder decoder, int first, Sink sink) {
        ArrayDeque<Future<VideoViews>> ahead = new ArrayDeque<>();
        int next = first;
        for (int video = first; video < videos.size(); video++) {
            while (next < videos.size() && ahead.size() <= workers) {
                ahead.add(decoders.submit(read(videos.get(next++), decoder)));
            }
            try {
                look(video, ahead.remove().get(), sink);
            } catch (ExecutionException e) {
                switch (e.getCause()) {
                    case DamagedVideoException damaged -> sink.unusable(video, damaged.reason());
                    case RuntimeException other -> throw other;
                    case Throwable other -> throw new IllegalStateException(other);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException("interrupted while waiting for views");
            }
        }
    }

    private Callable<VideoViews> read(Video video, Decoder decoder) {
        return () -> reader.read(decoder, video.bytes(), video.frames());
    }

    private void look(int video, VideoViews seen, Sink sink) {
        int classes = model.config().classes();
        int channels = model.config().encoder().embedDim();
        int values = model.clip().length / batch;
        float[] logits = new float[views.count() * classes];
        float[] features = new float[views.count() * channels];
        for (int from = 0; from < views.count(); from += batch) {
            int count = Math.min(batch, views.count() - from);
            for (int i = 0; i < count; i++) {
                seen.copy(from + i, model.clip(), i * values);
            }
            plan.run(model.forward());
            System.arraycopy(model.logits(), 0, logits, from * classes, count * classes);
            System.arraycopy(model.feature(), 0, features, from * channels, count * channels);
        }
        sink.video(video, logits, features);
    }

    @Override
    public void close() {
        decoders.shutdownNow();
        plan.close();
    }
}
