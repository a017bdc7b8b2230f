package org.tornadomae.mae.model;

import org.tornadomae.kernels.AttentionShape;
import org.tornadomae.nn.BlockShape;
import org.tornadomae.nn.UserException;

/// A stack of transformer blocks with the position embedding in front of it.
///
/// @param embedDim    width of a token
/// @param depth       blocks
/// @param numHeads    attention heads; divides embedDim
/// @param mlpRatio    hidden width of an MLP over embedDim
/// @param positions   how it knows where its tokens are
/// @param qkvBias     biases on q, k and v
/// @param normEps     what layer norms add to the variance
public record Stack(int embedDim, int depth, int numHeads, double mlpRatio, Positions positions, boolean qkvBias,
        double normEps) {
    /// What the official codes add to the variance.
    public static final double NORM_EPS = 1e-6;

    /// With the official codes' layer norms.
    public Stack(int embedDim, int depth, int numHeads, double mlpRatio, Positions positions, boolean qkvBias) {
        this(embedDim, depth, numHeads, mlpRatio, positions, qkvBias, NORM_EPS);
    }

    private static final int MAX_DEPTH = 1000;

    /// @param whose "" for the encoder, "decoder " for the decoder
    /// @throws UserException that names what cannot be built
    void check(String whose) {
        Checks.positive(whose + "depth", depth);
        if (depth > MAX_DEPTH) {
            throw new UserException(whose + "depth " + depth + " is out of range: at most " + MAX_DEPTH);
        }
        Checks.positive(whose + "heads", numHeads);
        String width = whose.isEmpty() ? "embedding width" : whose + "width";
        Checks.positive(width, embedDim);
        Checks.divides(whose + "heads", numHeads, width, embedDim);
        if (!(mlpRatio * embedDim >= 1 && mlpRatio * embedDim < 1e6)) {
            throw new UserException("mlp ratio " + mlpRatio + " is out of range: 4 is usual");
        }
        Checks.eps(normEps);
    }

    /// Hidden width of an MLP.
    public int mlpWidth() {
        return (int) (embedDim * mlpRatio);
    }

    /// The blocks as they run on so many tokens of so many clips.
    ///
    /// @param dropPath whether branches of single clips may be dropped
    public BlockShape blocks(int batch, int tokens, boolean dropPath) {
        return new BlockShape(depth, new AttentionShape(batch, tokens, numHeads, embedDim / numHeads), mlpWidth(),
                qkvBias, normEps, dropPath);
    }
}
