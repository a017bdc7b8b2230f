package org.tornadomae.bench.ops;

import org.tornadomae.kernels.PatchGrid;
import org.tornadomae.kernels.Tensor;
import org.tornadomae.mae.mask.MaskBatch;
import org.tornadomae.mae.mask.MaskKind;
import org.tornadomae.mae.mask.Masking;
import org.tornadomae.mae.model.MaeConfig;
import org.tornadomae.nn.BlockShape;
import org.tornadomae.nn.Rng;
import org.tornadomae.nn.Sizes;
import org.tornadomae.nn.Workspace;

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
        return config.encoder().blocks(batch, cls() + keep(), false);
    }

    BlockShape decoder() {
        return config.decoder().blocks(batch, cls() + tokens(), false);
    }

    /// Masks as a step draws them.
    MaskBatch masks() {
        Workspace workspace = Workspace.forTraining();
        MaskBatch masks = new MaskBatch(workspace, batch, tokens(), keep(), false);
        workspace.allocate();
        for (int b = 0; b < batch; b++) {
            masks.set(b, masking().shuffle(random));
        }
        return masks;
    }

    /// Every token of every clip, in order.
    Tensor allIds() {
        int[] ids = new int[batch * tokens()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = i % tokens();
        }
        return Tensor.of(ids);
    }

    /// Uniform numbers in [-1, 1).
    Tensor uniform(int... sizes) {
        float[] values = new float[Sizes.product(sizes)];
        for (int i = 0; i < values.length; i++) {
            values[i] = 2 * random.nextFloat() - 1;
        }
        return Tensor.of(values);
    }

    /// Uniform numbers in [0.5, 1.5).
    Tensor positive(int... sizes) {
        Tensor tensor = uniform(sizes);
        float[] values = tensor.floats();
        for (int i = 0; i < values.length; i++) {
            values[i] = 1 + values[i] / 2;
        }
        return tensor;
    }

    /// Zeros.
    static Tensor zeros(int... sizes) {
        return Tensor.of(new float[Sizes.product(sizes)]);
    }
}
