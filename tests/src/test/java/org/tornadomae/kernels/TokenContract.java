package org.tornadomae.kernels;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What every executor must do with rows of tokens. These operations only move and add rows, so forwards are compared
/// exactly and backwards with central differences at every size.
interface TokenContract extends OpsBench {
    /// batch, count, cls, channels
    @ParameterizedTest
    @CsvSource({"1,1,0,1", "1,1,1,1", "2,6,1,13", "3,13,0,6", "2,13,1,207", "1,207,1,6"})
    default void prependClass(int batch, int count, int cls, int channels) {
        Bed bed = bed(count);
        Shuffle all = Shuffle.of(bed, batch, count, count);
        Bed.Slot classToken = bed.offset(cls * channels);
        Bed.Slot in = bed.plain(batch * count * channels);
        Bed.Slot out = bed.plain(batch * (cls + count) * channels);
        bed.run(ops -> ops.prependClass(out.data(), in.data(), cls == 1 ? classToken.tensor() : null, batch, count, cls, channels), out);
        double[] token = classToken.values(0);
        Bed.within("out", all.prepended(in.values(0), token, channels), out.values(0), 0);

        Bed.Slot dOut = bed.plain(out.n());
        Bed.Slot dIn = bed.plain(in.n());
        Bed.Slot dClass = bed.offset(channels);
        bed.run(ops -> {
            ops.prependClassBackward(dIn.data(), dOut.data(), batch, count, cls, channels);
            ops.firstRowBackward(dClass.tensor(), dOut.data(), batch, cls + count, channels);
        }, dIn, dClass);
        double[] d = dOut.values(0);
        Bed.close("dIn", Reference.gradient(in.values(0), v -> Reference.dot(d, all.prepended(v, token, channels))), dIn.values(0), 1);
        if (cls == 1) {
            double[] expected = Reference.gradient(token, v -> Reference.dot(d, all.prepended(in.values(0), v, channels)));
            Bed.close("dClass", Bed.plus(dClass.before(0), expected), dClass.values(0), batch);
        }
    }

    /// batch, keep, tokens, cls, carry (the PySlowFast dialect), channels
    @ParameterizedTest
    @CsvSource({"1,1,2,0,false,1", "2,1,6,1,false,13", "2,1,6,1,true,13", "3,6,13,0,false,6", "1,12,13,1,true,6", "2,20,207,1,false,3", "2,20,207,1,true,3", "1,6,13,1,false,207"})
    default void unshuffle(int batch, int keep, int tokens, int cls, boolean carry, int channels) {
        Bed bed = bed(tokens + channels);
        Shuffle shuffle = Shuffle.of(bed, batch, keep, tokens);
        boolean own = cls == 1 && !carry;
        List<Bed.Slot> params = bed.flat(1, channels, channels);
        List<Bed.Slot> grads = bed.flat(1, channels, channels);
        Bed.Slot in = bed.plain(batch * (cls + keep) * channels);
        Bed.Slot out = bed.plain(batch * (cls + tokens) * channels);
        bed.run(ops -> ops.unshuffle(out.data(), in.data(), shuffle.slots(), params.get(0).tensor(), own ? params.get(1).tensor() : null,
                batch, keep, tokens, cls, channels), out);
        double[] x = in.values(0);
        double[] mask = params.get(0).values(0);
        double[] token = own ? params.get(1).values(0) : null;
        Bed.within("out", shuffle.unshuffled(x, mask, token, cls), out.values(0), 0);

        Bed.Slot dOut = bed.plain(out.n());
        Bed.Slot dIn = bed.plain(in.n());
        bed.run(ops -> {
            ops.unshuffleBackward(dIn.data(), dOut.data(), shuffle.ids(), batch, keep, tokens, cls, carry, channels);
            ops.maskTokenBackward(grads.get(0).tensor(), dOut.data(), shuffle.slots(), batch, keep, tokens, cls, channels);
            if (own) {
                ops.firstRowBackward(grads.get(1).tensor(), dOut.data(), batch, cls + tokens, channels);
            }
        }, own ? new Bed.Slot[] {dIn, grads.get(0), grads.get(1)} : new Bed.Slot[] {dIn, grads.get(0)});
        double[] d = dOut.values(0);
        Bed.close("dIn", Reference.gradient(x, v -> Reference.dot(d, shuffle.unshuffled(v, mask, token, cls))), dIn.values(0), 1);
        double[] dMask = Reference.gradient(mask, v -> Reference.dot(d, shuffle.unshuffled(x, v, token, cls)));
        Bed.close("dMaskToken", Bed.plus(grads.get(0).before(0), dMask), grads.get(0).values(0), batch * (tokens - keep));
        if (own) {
            double[] dClass = Reference.gradient(token, v -> Reference.dot(d, shuffle.unshuffled(x, mask, v, cls)));
            Bed.close("dClass", Bed.plus(grads.get(1).before(0), dClass), grads.get(1).values(0), batch);
        }
    }

    /// batch, count, tokens, cls, channels: some tokens (count < tokens) or all of them
    @ParameterizedTest
    @CsvSource({"1,1,1,0,1", "1,1,6,1,13", "2,5,6,1,13", "3,13,13,0,6", "2,12,13,1,6", "2,187,207,1,3", "1,6,13,0,207"})
    default void gatherTokens(int batch, int count, int tokens, int cls, int channels) {
        Bed bed = bed(tokens + channels);
        Shuffle shuffle = Shuffle.of(bed, batch, count, tokens);
        Bed.Slot in = bed.offset(batch * (cls + tokens) * channels);
        Bed.Slot out = bed.plain(batch * count * channels);
        Bed.Slot dOut = bed.plain(out.n());
        Bed.Slot dIn = bed.plain(in.n());
        bed.run(ops -> {
            ops.gatherTokens(out.data(), in.tensor(), shuffle.ids(), batch, count, tokens, cls, channels);
            ops.gatherTokensBackward(dIn.data(), dOut.data(), shuffle.slots(), batch, count, tokens, cls, channels);
        }, out, dIn);
        Bed.within("out", shuffle.gathered(in.values(0), cls, channels), out.values(0), 0);
        double[] d = dOut.values(0);
        Bed.close("dIn", Reference.gradient(in.values(0), v -> Reference.dot(d, shuffle.gathered(v, cls, channels))), dIn.values(0), 1);
    }

    /// batch, count, times, places, cls, channels
    @ParameterizedTest
    @CsvSource({"1,1,1,1,0,1", "1,1,1,1,1,1", "2,3,2,3,1,13", "3,4,1,13,0,6", "2,12,13,1,1,6", "2,20,9,23,1,3", "1,6,6,6,0,13", "2,13,1,13,1,207"})
    default void separablePositions(int batch, int count, int times, int places, int cls, int channels) {
        Bed bed = bed(count + places + channels);
        Shuffle shuffle = Shuffle.of(bed, batch, count, times * places);
        List<Bed.Slot> params = bed.flat(1, places * channels, times * channels, cls * channels);
        List<Bed.Slot> grads = bed.flat(1, places * channels, times * channels, cls * channels);
        Bed.Slot x = bed.plain(batch * (cls + count) * channels);
        Bed.Slot dX = bed.plain(x.n());
        bed.run(ops -> {
            ops.addSeparablePositions(x.data(), shuffle.ids(), params.get(0).tensor(), params.get(1).tensor(),
                    cls == 1 ? params.get(2).tensor() : null, batch, count, places, cls, channels);
            ops.spatialPositionsBackward(grads.get(0).tensor(), dX.data(), shuffle.slots(), batch, count, places, times, cls, channels);
            ops.temporalPositionsBackward(grads.get(1).tensor(), dX.data(), shuffle.slots(), batch, count, places, times, cls, channels);
            if (cls == 1) {
                ops.firstRowBackward(grads.get(2).tensor(), dX.data(), batch, cls + count, channels);
            }
        }, x, grads.get(0), grads.get(1), grads.get(2));
        double[] d = dX.values(0);
        double[] old = x.before(0);
        double[] s = params.get(0).values(0);
        double[] t = params.get(1).values(0);
        double[] c = params.get(2).values(0);
        Bed.close("x", shuffle.separable(old, s, t, c, channels), x.values(0), 2);
        double[] dSpatial = Reference.gradient(s, v -> Reference.dot(d, shuffle.separable(old, v, t, c, channels)));
        Bed.close("dSpatial", Bed.plus(grads.get(0).before(0), dSpatial), grads.get(0).values(0), batch * times);
        double[] dTemporal = Reference.gradient(t, v -> Reference.dot(d, shuffle.separable(old, s, v, c, channels)));
        Bed.close("dTemporal", Bed.plus(grads.get(1).before(0), dTemporal), grads.get(1).values(0), batch * places);
        double[] dClass = Reference.gradient(c, v -> Reference.dot(d, shuffle.separable(old, s, t, v, channels)));
        Bed.close("dClass", Bed.plus(grads.get(2).before(0), dClass), grads.get(2).values(0), batch);
    }

    /// batch, count, tokens, cls, channels
    @ParameterizedTest
    @CsvSource({"1,1,1,0,1", "1,1,6,1,13", "2,5,6,1,13", "3,13,13,0,6", "2,12,13,1,6", "2,20,207,1,3", "1,6,13,0,207"})
    default void jointPositions(int batch, int count, int tokens, int cls, int channels) {
        Bed bed = bed(tokens + channels);
        Shuffle shuffle = Shuffle.of(bed, batch, count, tokens);
        Bed.Slot joint = bed.offset((cls + tokens) * channels);
        Bed.Slot dJoint = bed.offset(joint.n());
        Bed.Slot x = bed.plain(batch * (cls + count) * channels);
        Bed.Slot dX = bed.plain(x.n());
        bed.run(ops -> {
            ops.addJointPositions(x.data(), shuffle.ids(), joint.tensor(), batch, count, cls, channels);
            ops.jointPositionsBackward(dJoint.tensor(), dX.data(), shuffle.slots(), batch, count, tokens, cls, channels);
            if (cls == 1) {
                ops.firstRowBackward(dJoint.tensor(), dX.data(), batch, cls + count, channels);
            }
        }, x, dJoint);
        double[] d = dX.values(0);
        double[] old = x.before(0);
        Bed.close("x", shuffle.joint(old, joint.values(0), cls, channels), x.values(0), 1);
        double[] expected = Reference.gradient(joint.values(0), v -> Reference.dot(d, shuffle.joint(old, v, cls, channels)));
        Bed.close("dJoint", Bed.plus(dJoint.before(0), expected), dJoint.values(0), batch);
    }
}
