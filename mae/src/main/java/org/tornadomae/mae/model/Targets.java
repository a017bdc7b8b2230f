package org.tornadomae.mae.model;

/// What the decoder is to predict (docs/spec.md, Model 5).
///
/// @param normPix   pixels normalised per patch
/// @param predTDim  predicted frames of a clip
/// @param linspace  predicted frames are a truncated linspace ending at T−1 (mae_st) instead of every (T/predTDim)-th
///                  from 0 (PySlowFast)
public record Targets(boolean normPix, int predTDim, boolean linspace) {
}
