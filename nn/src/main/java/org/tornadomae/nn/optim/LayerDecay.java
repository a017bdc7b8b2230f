package org.tornadomae.nn.optim;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Layer-wise decay of the learning rate (Clark et al., 2020; BEiT): the nearer a layer is to the pixels, the less of
/// the rate it gets, `decay` times that of the layer above it.
///
/// Layer 0 is what turns pixels into tokens, layer i+1 is block i, layer depth+1 is all that follows.
///
/// @param decay in (0, 1]; 1 for the same rate everywhere
/// @param depth L, blocks of the encoder
public record LayerDecay(double decay, int depth) {
    private static final Pattern INPUT = Pattern.compile("cls_token|mask_token|pos_embed.*|patch_embed\\..*");
    private static final Pattern BLOCK = Pattern.compile("blocks\\.(\\d+)\\..*");

    /// @throws IllegalArgumentException when a number is out of its range
    public LayerDecay {
        if (!(decay > 0 && decay <= 1) || depth < 0) {
            throw new IllegalArgumentException("decay must be in (0, 1], depth not negative: " + decay + ", " + depth);
        }
    }

    /// What the learning rate of a tensor is multiplied by.
    ///
    /// @param name official name, e.g. `blocks.3.attn.q.weight`
    public double scale(String name) {
        return Math.pow(decay, depth + 1 - layer(name));
    }

    /// The layer of a tensor, from 0 to depth+1.
    public int layer(String name) {
        if (INPUT.matcher(name).matches()) {
            return 0;
        }
        Matcher block = BLOCK.matcher(name);
        return block.matches() ? Integer.parseInt(block.group(1)) + 1 : depth + 1;
    }
}
