package org.tornadomae.mae.classify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.tornadomae.nn.UserException;
import org.tornadomae.nn.file.SafeTensors;
import org.tornadomae.nn.file.TensorFile;
import org.tornadomae.nn.file.TensorFiles;
import org.tornadomae.video.codec.DamageReason;
import org.tornadomae.video.source.VideoList;

/// Features of videos: the normalised mean of their tokens, and the mean over views (docs/finetune.md, Frozen
/// features).
///
/// @param values `[N, C]`
/// @param dims   C
/// @param labels `[N]`; −1 for a video without one
/// @param names  `[N]`
public record Features(float[] values, int dims, int[] labels, List<String> names) {
    private static final String NPY = ".npy";
    private static final int MAX_LABEL = 1 << 20; // a table of all classes must fit the memory

    /// Videos that could not be used, by name, with the reason.
    public record Extracted(Features features, Map<String, DamageReason> without) {
    }

    /// Looks at all videos of a list; those without result are left out.
    ///
    /// @param done told how many videos are finished
    public static Extracted extract(ViewRunner runner, VideoList videos, int dims, IntConsumer done) {
        List<float[]> rows = new ArrayList<>();
        List<Integer> kept = new ArrayList<>();
        Map<String, DamageReason> without = new LinkedHashMap<>();
        runner.run(videos.videos(), videos.decoder(), 0, new ViewRunner.Sink() {
            @Override
            public void video(int index, float[] logits, float[] features) {
                rows.add(mean(features, dims));
                kept.add(index);
                done.accept(index + 1);
            }

            @Override
            public void unusable(int index, DamageReason reason) {
                without.put(videos.name(index), reason);
                done.accept(index + 1);
            }
        });
        float[] values = new float[rows.size() * dims];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i), 0, values, i * dims, dims);
        }
        Features features = new Features(values, dims, kept.stream().mapToInt(videos::label).toArray(),
                kept.stream().map(videos::name).toList());
        return new Extracted(features, without);
    }

    private static float[] mean(float[] views, int dims) {
        float[] mean = new float[dims];
        for (int c = 0; c < dims; c++) {
            double sum = 0;
            for (int at = c; at < views.length; at += dims) {
                sum += views[at];
            }
            mean[c] = (float) (sum * dims / views.length);
        }
        return mean;
    }

    /// Writes safetensors with `features` and `labels`, or for a name that ends in `.npy` the features alone, as numpy
    /// reads them.
    ///
    /// @throws UserException when the file cannot be written
    public void write(Path file) {
        float[] numbers = new float[labels.length]; // whole up to 2²⁴, far more than classes
        for (int i = 0; i < labels.length; i++) {
            numbers[i] = labels[i];
        }
        try {
            if (file.toString().endsWith(NPY)) {
                Files.write(file, npy());
            } else {
                TensorFiles.write(file, "features", Map.of("videos", new ObjectMapper().writeValueAsString(names)),
                        List.of(new SafeTensors.Source("features", new int[] {labels.length, dims}, values, 0),
                                new SafeTensors.Source("labels", new int[] {labels.length}, numbers, 0)));
            }
        } catch (JsonProcessingException e) {
            throw new AssertionError("a list of names is JSON", e);
        } catch (IOException e) {
            throw new UserException(file + ": cannot be written (" + e.getMessage() + ")", e);
        }
    }

    /// numpy's format 1.0: a magic word, the length of a header that is a Python dictionary, then the numbers.
    private byte[] npy() {
        String dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + labels.length + ", " + dims
                + "), }";
        int padding = 64 - (10 + dictionary.length() + 1) % 64;
        byte[] header = (dictionary + " ".repeat(padding % 64) + "\n").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer bytes = ByteBuffer.allocate(10 + header.length + values.length * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII)).put((byte) 1).put((byte) 0)
                .putShort((short) header.length).put(header);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    /// Reads what [#write] wrote as safetensors.
    ///
    /// @throws UserException when the file holds no features
    public static Features read(Path file) {
        try (TensorFile tensors = TensorFiles.open(file)) {
            int[] shape = tensors.entry("features").shape();
            int[] count = tensors.entry("labels").shape();
            if (shape.length != 2 || count.length != 1 || count[0] != shape[0] || count[0] == 0 || shape[1] == 0) {
                throw new UserException(file
                        + ": features and labels do not fit together; 'mae extract' writes such files");
            }
            float[] numbers = tensors.floats("labels");
            int[] labels = new int[numbers.length];
            for (int i = 0; i < labels.length; i++) {
                labels[i] = (int) numbers[i];
                if (labels[i] != numbers[i] || labels[i] > MAX_LABEL) {
                    throw new UserException(file + ": " + numbers[i] + " is no label");
                }
            }
            Features features = new Features(tensors.floats("features"), shape[1], labels, List.of());
            features.requireDirections(file);
            return features;
        }
    }

    /// A feature of zeros or of no numbers at all is near nothing.
    private void requireDirections(Path file) {
        for (int row = 0; row < labels.length; row++) {
            double squares = 0;
            for (int c = 0; c < dims; c++) {
                squares += (double) values[row * dims + c] * values[row * dims + c];
            }
            if (!(squares > 0 && squares < Double.POSITIVE_INFINITY)) {
                throw new UserException(file + ": feature " + row + " is zero or not finite: are the weights damaged?");
            }
        }
    }

    /// How many.
    public int count() {
        return labels.length;
    }

    /// One more than the highest label.
    ///
    /// @throws UserException when a video has none
    public int classes() {
        int highest = -1;
        for (int label : labels) {
            if (label < 0) {
                throw new UserException("features of videos without labels cannot be probed: extract them from"
                        + " a labelled list");
            }
            highest = Math.max(highest, label);
        }
        return highest + 1;
    }
}
