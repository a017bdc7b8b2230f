package org.tornadomae.mae.picture;

import java.util.ArrayList;
import java.util.List;
import org.tornadomae.kernels.PatchGrid;
import org.tornadomae.mae.model.MaeConfig;

/// What a model has to beat: three ways to fill removed patches that learn nothing.
final class Baselines {
    private final MaeConfig config;
    private final PatchRows whole;
    private final float[] mask;
    private final float[] meanColour = new float[3];

    /// @param whole all frames of the clip, as pixels
    /// @param mask  `[N]`: 0 kept, 1 removed
    Baselines(MaeConfig config, PatchRows whole, float[] mask) {
        this.config = config;
        this.whole = whole;
        this.mask = mask;
        double[] sum = new double[3];
        int pixels = 0;
        for (int n = 0; n < mask.length; n++) {
            if (mask[n] == 0) {
                for (int i = 0; i < whole.rowValues(); i++) {
                    sum[i % 3] += whole.values()[whole.at(n, 0) + i];
                }
                pixels += whole.rowValues() / 3;
            }
        }
        for (int channel = 0; channel < 3; channel++) {
            meanColour[channel] = (float) (sum[channel] / pixels);
        }
    }

    /// Every patch in the mean colour of the clip's visible pixels.
    PatchRows meanFill(PatchRows like) {
        return like.filledWith(meanColour);
    }

    /// The same place in the nearest frame in which it is visible (of two as near, the earlier); the mean colour where
    /// it is visible in none.
    PatchRows nearestFrame(PatchRows like) {
        PatchRows copies = meanFill(like);
        int[] targets = config.targetFrames();
        PatchGrid grid = config.grid();
        for (int n = 0; n < mask.length; n++) {
            for (int frame = 0; frame < like.frames(); frame++) {
                int source = nearestVisible(n % grid.places(), targets[n / grid.places() * like.frames() + frame]);
                if (source >= 0) {
                    int token = token(n % grid.places(), source);
                    System.arraycopy(whole.values(), whole.at(token, source % grid.tPatchSize()), copies.values(),
                            copies.at(n, frame), copies.frameValues());
                }
            }
        }
        return copies;
    }

    /// The mean, pixel by pixel, of the visible patches that touch it in space or time, of which there may be 26; the
    /// mean colour where there is none.
    PatchRows neighbours(PatchRows like) {
        PatchRows means = meanFill(like);
        PatchGrid grid = config.grid();
        int[] targets = config.targetFrames();
        for (int n = 0; n < mask.length; n++) {
            List<Integer> visible = visibleNeighbours(n);
            for (int frame = 0; frame < like.frames() && !visible.isEmpty(); frame++) {
                int within = targets[n / grid.places() * like.frames() + frame] % grid.tPatchSize();
                for (int i = 0; i < like.frameValues(); i++) {
                    double sum = 0;
                    for (int token : visible) {
                        sum += whole.values()[whole.at(token, within) + i];
                    }
                    means.values()[means.at(n, frame) + i] = (float) (sum / visible.size());
                }
            }
        }
        return means;
    }

    private List<Integer> visibleNeighbours(int token) {
        PatchGrid grid = config.grid();
        int time = token / grid.places();
        int row = token % grid.places() / grid.columns();
        int column = token % grid.columns();
        List<Integer> visible = new ArrayList<>();
        for (int t = Math.max(0, time - 1); t <= Math.min(time + 1, grid.times() - 1); t++) {
            for (int y = Math.max(0, row - 1); y <= Math.min(row + 1, grid.rows() - 1); y++) {
                for (int x = Math.max(0, column - 1); x <= Math.min(column + 1, grid.columns() - 1); x++) {
                    int neighbour = t * grid.places() + y * grid.columns() + x;
                    if (mask[neighbour] == 0) {
                        visible.add(neighbour);
                    }
                }
            }
        }
        return visible;
    }

    /// Whether any removed patch has its place visible in another frame.
    boolean canCopy() {
        int places = config.grid().places();
        for (int n = 0; n < mask.length; n++) {
            if (mask[n] != 0 && nearestVisible(n % places, 0) >= 0) {
                return true;
            }
        }
        return false;
    }

    private int nearestVisible(int place, int frame) {
        int nearest = -1;
        for (int f = 0; f < config.clip().numFrames(); f++) {
            boolean nearer = nearest < 0 || Math.abs(f - frame) < Math.abs(nearest - frame);
            if (nearer && mask[token(place, f)] == 0) {
                nearest = f;
            }
        }
        return nearest;
    }

    private int token(int place, int frame) {
        return frame / config.clip().tPatchSize() * config.grid().places() + place;
    }
}
