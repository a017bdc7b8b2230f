package org.tornadomae.mae.report;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.tornadomae.mae.train.Metrics;
import org.tornadomae.mae.train.RunListener;
import org.tornadomae.nn.UserException;

/// Writes what a run measures and shows for TensorBoard, one file a start: `tensorboard --logdir FOLDER-OF-RUNS`.
///
/// Steps that a resumed run does again replace those of its earlier files.
public final class TensorBoard implements RunListener, AutoCloseable {
    private final Path folder;
    private EventFile events;

    /// @param folder of the run
    public TensorBoard(Path folder) {
        this.folder = folder;
    }

    private interface Writing {
        void write() throws IOException;
    }

    private void write(Writing writing) {
        try {
            writing.write();
        } catch (IOException e) {
            throw new UserException(folder + ": the TensorBoard file cannot be written (" + e.getMessage() + ")", e);
        }
    }

    @Override
    public void start(Start run) {
        write(() -> {
            events = new EventFile(folder.resolve(name()));
            events.startsWith(run.stepsDone() + 1);
        });
    }

    /// TensorBoard reads the files of a folder in the order of their names, so the time comes first; the process tells
    /// starts within a second apart.
    private static String name() {
        return "events.out.tfevents." + Instant.now().getEpochSecond() + "." + host() + "."
                + ProcessHandle.current().pid() + "." + System.nanoTime();
    }

    static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) { // a machine without a name on its network
            return "localhost";
        }
    }

    @Override
    public void step(Metrics m) {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("train/loss", m.loss());
        values.put("train/lr", m.lr());
        values.put("train/grad_norm", m.gradNorm());
        values.put("train/epoch", m.epoch());
        values.put("speed/clips_per_second", m.speed().clipsPerSecond());
        values.put("speed/data_wait", m.speed().dataWait());
        write(() -> events.scalars(m.step(), values));
    }

    @Override
    public void evaluation(long step, Map<String, Double> values) {
        Map<String, Double> tagged = new LinkedHashMap<>();
        values.forEach((name, value) -> tagged.put("val/" + name, value));
        write(() -> events.scalars(step, tagged));
    }

    @Override
    public void picture(long step, String title, Path file) {
        write(() -> {
            try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
                Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
                if (!readers.hasNext()) {
                    return; // TensorBoard shows PNG, JPEG and GIF
                }
                ImageReader reader = readers.next();
                reader.setInput(in);
                events.image(step, title, new EventFile.Image(reader.getWidth(0), reader.getHeight(0),
                        Files.readAllBytes(file)));
                reader.dispose();
            }
        });
    }

    @Override
    public void end(long stepsDone) {
        close();
    }

    @Override
    public void close() {
        if (events != null) {
            write(events::close);
        }
    }
}
