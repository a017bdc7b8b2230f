package org.tornadomae.mae.cli;

import java.util.Locale;
import org.tornadomae.mae.train.Batches;
import org.tornadomae.mae.train.PretrainConfig;
import org.tornadomae.mae.train.Pretraining;
import org.tornadomae.mae.train.TrainConfig;
import org.tornadomae.nn.UserException;
import org.tornadomae.video.clip.ClipShape;
import org.tornadomae.video.clip.LoaderConfig;
import org.tornadomae.video.clip.LoaderResources;

/// What a run will take, known before anything is allocated.
///
/// @param model bytes of parameters, gradients, moments and activations
/// @param clips bytes of clips prepared ahead
/// @param java  bytes that Java may take
record Memory(long model, long clips, long java) {
    private static final double GIB = 1L << 30;

    /// @throws UserException with the numbers, when the run cannot fit
    static Memory of(PretrainConfig config, TrainConfig train, LoaderResources resources) {
        Batches batches = train.batches();
        ClipShape shape = Pretraining.clipShape(config);
        LoaderConfig loader = new LoaderConfig(shape, batches.samplingRate(), batches.batchSize(),
                batches.repeatAug(), resources);
        long clips = (long) loader.buffers() * loader.clipsPerBatch() * shape.values() * Float.BYTES;
        Memory memory = new Memory(Pretraining.bytes(config, batches), clips, Runtime.getRuntime().maxMemory());
        if (memory.model + clips > memory.java) {
            throw new UserException(memory + ", which is too little: lower --batch-size, --repeats, --input-size, "
                    + "--frames or --prefetch, take a smaller --preset, or give Java more with MAE_JAVA_OPTS=-Xmx16g");
        }
        return memory;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT,
                "memory: %.2f GiB for the model and its activations, %.2f GiB for clips, of the %.2f GiB that Java may "
                        + "take",
                model / GIB, clips / GIB, java / GIB);
    }
}
