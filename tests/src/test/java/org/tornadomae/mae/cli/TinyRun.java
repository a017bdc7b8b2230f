package org.tornadomae.mae.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tornadomae.video.synthetic.SyntheticClips;

/// Arguments of a pre-training run that takes about a second.
final class TinyRun {
    private TinyRun() {}

    static Path clips(Path folder) throws IOException {
        Path clips = folder.resolve("clips");
        new SyntheticClips(48, 48, 24, 7).write(clips, 6);
        return clips;
    }

    /// @param more options and their values, which replace the usual ones
    static Object[] pretrain(Path data, Path out, Object... more) {
        Map<Object, Object> options = new LinkedHashMap<>();
        put(options, "--data", data, "--out", out, "--device", "loop",
                "--input-size", 16, "--patch-size", 8, "--frames", 4, "--embed-dim", 12, "--depth", 2, "--heads", 3,
                "--decoder-embed-dim", 8, "--decoder-depth", 1, "--decoder-heads", 2, "--mask-ratio", 0.5,
                "--batch-size", 2, "--repeats", 2, "--lr", "1e-3");
        put(options, more);
        List<Object> args = new ArrayList<>(List.of("pretrain"));
        options.forEach((option, value) -> args.addAll(List.of(option, value)));
        return args.toArray();
    }

    private static void put(Map<Object, Object> options, Object... pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            options.put(pairs[i], pairs[i + 1]);
        }
    }
}
