package org.tornadomae.bench.ops;

import org.tornadomae.mae.mask.MaskBatch;
import org.tornadomae.mae.mask.MaskKind;
import org.tornadomae.mae.mask.Masking;
import org.tornadomae.kernels.PatchGrid;
import org.tornadomae.mae.model.MaeConfig;
import org.tornadomae.nn.BlockShape;
import org.tornadomae.nn.Rng;
import org.tornadomae.nn.Sizes;

/// The sizes at which a training step calls its operations, and random arrays of such sizes.
///
/// @param config the model
/// @param batch  clips
/// @param ratio  share of the tokens that is removed
/// @param random where the arrays' contents come from
record OpShapes(MaeConfig config, int batch, double ratio, Rng random) {

    static OpShapes of(MaeConfig config, int batch, double ratio) {
        return new OpShapes(config, batch, ratio, Rng.of(Rng.keyOf("ops")));
    }

    private Masking masking() {
        return new Masking(MaskKind.RANDOM, ratio, config.grid());
    }

    PatchGrid grid() {
        return config.grid();
    }

    int keep() {
        return masking().keep();
    }

    int tokens() {
        return grid().tokens();
    }

    /// Tokens of a clip that the decoder predicts.
    int predicted() {
        return tokens() - keep();
    }

    int cls() {
        return config.cls();
    }

    BlockShape encoder() {
        return config.encoder().blocks(batch, cls() + keep());
    }

    BlockShape decoder() {
        return config.decoder().blocks(batch, cls() + tokens());
    }

    /// Masks as a step draws them.
    MaskBatch masks() {
        MaskBatch masks = new MaskBatch(batch, tokens(), keep(), false);
        for (int b = 0; b < batch; b++) {
            masks.set(b, masking().shuffle(random));
        }
        return masks;
    }

    /// Every token of every clip, in order.
    int[] allIds() {
        int[] ids = new int[batch * tokens()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = i % tokens();
        }
        return ids;
    }

    /// Uniform numbers in [-1, 1).
    float[] uniform(int... sizes) {
        float[] values = Sizes.floats(sizes);
        for (int i = 0; i < values.length; i++) {
            values[i] = 2 * random.nextFloat() - 1;
        }
        return values;
    }

    /// Uniform numbers in [0.5, 1.5).
    float[] positive(int... sizes) {
        float[] values = uniform(sizes);
        for (int i = 0; i < values.length; i++) {
            values[i] = 1 + values[i] / 2;
        }
        return values;
    }
}
