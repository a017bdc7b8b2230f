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
        OpFixture fixture = fixture(count);
        Shuffle all = Shuffle.of(fixture, batch, count, count);
        TokenShape shape = new TokenShape(batch, count, count, cls, channels);
        OpFixture.Slot classToken = fixture.plain(cls * channels);
        OpFixture.Slot in = fixture.plain(batch * count * channels);
        OpFixture.Slot out = fixture.plain(batch * (cls + count) * channels);
        fixture.run(ops -> ops.prependClass(out.tensor(), in.tensor(), cls == 1 ? classToken.tensor() : null, shape),
                out);
        double[] token = classToken.values(0);
        OpFixture.within("out", all.prepended(in.values(0), token, channels), out.values(0), 0);

        OpFixture.Slot dOut = fixture.plain(out.n());
        OpFixture.Slot dIn = fixture.plain(in.n());
        OpFixture.Slot dClass = fixture.plain(channels);
        fixture.run(ops -> {
            ops.prependClassBackward(dIn.tensor(), dOut.tensor(), shape);
            ops.classTokenBackward(dClass.tensor(), dOut.tensor(), shape);
        }, dIn, dClass);
        double[] d = dOut.values(0);
        OpFixture.close("dIn",
                Reference.gradient(in.values(0), v -> Reference.dot(d, all.prepended(v, token, channels))),
                dIn.values(0), 1);
        if (cls == 1) {
            double[] expected =
                    Reference.gradient(token, v -> Reference.dot(d, all.prepended(in.values(0), v, channels)));
            OpFixture.close("dClass", OpFixture.plus(dClass.before(0), expected), dClass.values(0), batch);
        }
    }

    /// batch, keep, tokens, cls, carry (the PySlowFast dialect), channels
    @ParameterizedTest
    @CsvSource({"1,1,2,0,false,1", "2,1,6,1,false,13", "2,1,6,1,true,13", "3,6,13,0,false,6", "1,12,13,1,true,6",
            "2,20,207,1,false,3", "2,20,207,1,true,3", "1,6,13,1,false,207"})
    default void unshuffle(int batch, int keep, int tokens, int cls, boolean carry, int channels) {
        OpFixture fixture = fixture(tokens + channels);
        Shuffle shuffle = Shuffle.of(fixture, batch, keep, tokens);
        TokenShape shape = new TokenShape(batch, keep, tokens, cls, channels);
        boolean own = cls == 1 && !carry;
        List<OpFixture.Slot> params = fixture.flat(1, channels, channels);
        List<OpFixture.Slot> grads = fixture.flat(1, channels, channels);
        OpFixture.Slot in = fixture.plain(batch * (cls + keep) * channels);
        OpFixture.Slot out = fixture.plain(batch * (cls + tokens) * channels);
        fixture.run(ops -> ops.unshuffle(out.tensor(), in.tensor(), shuffle.slots(), params.get(0).tensor(),
                own ? params.get(1).tensor() : null, shape), out);
        double[] x = in.values(0);
        double[] mask = params.get(0).values(0);
        double[] token = own ? params.get(1).values(0) : null;
        OpFixture.within("out", shuffle.unshuffled(x, mask, token, cls), out.values(0), 0);

        OpFixture.Slot dOut = fixture.plain(out.n());
        OpFixture.Slot dIn = fixture.plain(in.n());
        fixture.run(ops -> {
            ops.unshuffleBackward(dIn.tensor(), dOut.tensor(), shuffle.ids(), shape, carry);
            ops.maskTokenBackward(grads.get(0).tensor(), dOut.tensor(), shuffle.slots(), shape);
            if (own) {
                ops.classTokenBackward(grads.get(1).tensor(), dOut.tensor(),
                        new TokenShape(batch, tokens, tokens, cls, channels));
            }
        }, own ? new OpFixture.Slot[] {dIn, grads.get(0), grads.get(1)} : new OpFixture.Slot[] {dIn, grads.get(0)});
        double[] d = dOut.values(0);
        OpFixture.close("dIn", Reference.gradient(x, v -> Reference.dot(d, shuffle.unshuffled(v, mask, token, cls))),
                dIn.values(0), 1);
        double[] dMask = Reference.gradient(mask, v -> Reference.dot(d, shuffle.unshuffled(x, v, token, cls)));
        OpFixture.close("dMaskToken", OpFixture.plus(grads.get(0).before(0), dMask), grads.get(0).values(0),
                batch * (tokens - keep));
        if (own) {
            double[] dClass = Reference.gradient(token, v -> Reference.dot(d, shuffle.unshuffled(x, mask, v, cls)));
            OpFixture.close("dClass", OpFixture.plus(grads.get(1).before(0), dClass), grads.get(1).values(0), batch);
        }
    }

    /// batch, count, tokens, cls, channels: some tokens (count < tokens) or all of them
    @ParameterizedTest
    @CsvSource({"1,1,1,0,1", "1,1,6,1,13", "2,5,6,1,13", "3,13,13,0,6", "2,12,13,1,6", "2,187,207,1,3", "1,6,13,0,207"})
    default void gatherTokens(int batch, int count, int tokens, int cls, int channels) {
        OpFixture fixture = fixture(tokens + channels);
        Shuffle shuffle = Shuffle.of(fixture, batch, count, tokens);
        TokenShape shape = new TokenShape(batch, count, tokens, cls, channels);
        OpFixture.Slot in = fixture.plain(batch * (cls + tokens) * channels);
        OpFixture.Slot out = fixture.plain(batch * count * channels);
        OpFixture.Slot dOut = fixture.plain(out.n());
        OpFixture.Slot dIn = fixture.plain(in.n());
        fixture.run(ops -> {
            ops.gatherTokens(out.tensor(), in.tensor(), shuffle.ids(), shape);
            ops.gatherTokensBackward(dIn.tensor(), dOut.tensor(), shuffle.slots(), shape);
        }, out, dIn);
        OpFixture.within("out", shuffle.gathered(in.values(0), cls, channels), out.values(0), 0);
        double[] d = dOut.values(0);
        OpFixture.close("dIn",
                Reference.gradient(in.values(0), v -> Reference.dot(d, shuffle.gathered(v, cls, channels))),
                dIn.values(0), 1);
    }

    /// batch, count, times, places, cls, channels
    @ParameterizedTest
    @CsvSource({"1,1,1,1,0,1", "1,1,1,1,1,1", "2,3,2,3,1,13", "3,4,1,13,0,6", "2,12,13,1,1,6", "2,20,9,23,1,3",
            "1,6,6,6,0,13", "2,13,1,13,1,207"})
    default void separablePositions(int batch, int count, int times, int places, int cls, int channels) {
        OpFixture fixture = fixture(count + places + channels);
        Shuffle shuffle = Shuffle.of(fixture, batch, count, times * places);
        TokenShape shape = new TokenShape(batch, count, times * places, cls, channels);
        List<OpFixture.Slot> params = fixture.flat(1, places * channels, times * channels, cls * channels);
        List<OpFixture.Slot> grads = fixture.flat(1, places * channels, times * channels, cls * channels);
        OpFixture.Slot x = fixture.plain(batch * (cls + count) * channels);
        OpFixture.Slot dX = fixture.plain(x.n());
        fixture.run(ops -> {
            ops.addSeparablePositions(x.tensor(), shuffle.ids(), params.get(0).tensor(), params.get(1).tensor(),
                    cls == 1 ? params.get(2).tensor() : null, shape, places);
            ops.spatialPositionsBackward(grads.get(0).tensor(), dX.tensor(), shuffle.slots(), shape, places);
            ops.temporalPositionsBackward(grads.get(1).tensor(), dX.tensor(), shuffle.slots(), shape, places);
            if (cls == 1) {
                ops.classTokenBackward(grads.get(2).tensor(), dX.tensor(), shape);
            }
        }, x, grads.get(0), grads.get(1), grads.get(2));
        double[] d = dX.values(0);
        double[] old = x.before(0);
        double[] s = params.get(0).values(0);
        double[] t = params.get(1).values(0);
        double[] c = params.get(2).values(0);
        OpFixture.close("x", shuffle.separable(old, s, t, c, channels), x.values(0), 2);
        double[] dSpatial = Reference.gradient(s, v -> Reference.dot(d, shuffle.separable(old, v, t, c, channels)));
        OpFixture.close("dSpatial", OpFixture.plus(grads.get(0).before(0), dSpatial), grads.get(0).values(0),
                batch * times);
        double[] dTemporal = Reference.gradient(t, v -> Reference.dot(d, shuffle.separable(old, s, v, c, channels)));
        OpFixture.close("dTemporal", OpFixture.plus(grads.get(1).before(0), dTemporal), grads.get(1).values(0),
                batch * places);
        double[] dClass = Reference.gradient(c, v -> Reference.dot(d, shuffle.separable(old, s, t, v, channels)));
        OpFixture.close("dClass", OpFixture.plus(grads.get(2).before(0), dClass), grads.get(2).values(0), batch);
    }

    /// batch, count, tokens, cls, channels
    @ParameterizedTest
    @CsvSource({"1,1,1,0,1", "1,1,6,1,13", "2,5,6,1,13", "3,13,13,0,6", "2,12,13,1,6", "2,20,207,1,3", "1,6,13,0,207"})
    default void jointPositions(int batch, int count, int tokens, int cls, int channels) {
        OpFixture fixture = fixture(tokens + channels);
        Shuffle shuffle = Shuffle.of(fixture, batch, count, tokens);
        TokenShape shape = new TokenShape(batch, count, tokens, cls, channels);
        OpFixture.Slot joint = fixture.plain((cls + tokens) * channels);
        OpFixture.Slot dJoint = fixture.plain(joint.n());
        OpFixture.Slot x = fixture.plain(batch * (cls + count) * channels);
        OpFixture.Slot dX = fixture.plain(x.n());
        fixture.run(ops -> {
            ops.addJointPositions(x.tensor(), shuffle.ids(), joint.tensor(), shape);
            ops.jointPositionsBackward(dJoint.tensor(), dX.tensor(), shuffle.slots(), shape);
            if (cls == 1) {
                ops.classTokenBackward(dJoint.tensor(), dX.tensor(), shape);
            }
        }, x, dJoint);
        double[] d = dX.values(0);
        double[] old = x.before(0);
        OpFixture.close("x", shuffle.joint(old, joint.values(0), cls, channels), x.values(0), 1);
        double[] expected =
                Reference.gradient(joint.values(0), v -> Reference.dot(d, shuffle.joint(old, v, cls, channels)));
        OpFixture.close("dJoint", OpFixture.plus(dJoint.before(0), expected), dJoint.values(0), batch);
    }
}
