package org.tornadomae.mae.train;

import java.util.List;
import org.tornadomae.kernels.Buffer;
import org.tornadomae.kernels.Program;
import org.tornadomae.nn.Params;
import org.tornadomae.video.clip.ClipBatch;
import org.tornadomae.video.clip.ClipShape;
import org.tornadomae.video.clip.Variation;

/// What a run trains: a model with its loss, for micro-batches of one size. [Trainer] does everything around it.
///
/// @param <C> the configuration that a checkpoint keeps
public interface Objective<C extends Record> {
    /// Where a step is in its run; what changes over a run (rates of dropping or masking) follows from it.
    ///
    /// @param step   number of the step, from 0
    /// @param epoch  fractional epoch
    /// @param epochs length of the run
    record Moment(long step, double epoch, double epochs) {
    }

    /// A word for it in checkpoints: "pretraining".
    String name();

    /// What is trained, as a checkpoint keeps it.
    C config();

    /// Says why a run with another configuration cannot go on with this one.
    ///
    /// @return null when it can, else the end of a sentence that starts with the checkpoint's name
    String refusal(C saved);

    /// The clips that it takes.
    ClipShape clipShape();

    /// What the learning rate counts in a step: videos, or clips where repeated ones count.
    long samplesPerStep(Batches batches);

    /// How the clips of a video differ.
    default Variation variation() {
        return Variation.PRETRAINING;
    }

    /// What is learned.
    Params params();

    /// Sets what is learned to where a new run starts.
    default void initialise(long seed) {
        params().initialise(seed);
    }

    /// Told before each step.
    ///
    /// @return whether [#step] is another program than before
    default boolean prepare(Moment moment) {
        return false;
    }

    /// One micro-batch: forward, loss, backward; gradients are added to those of earlier micro-batches of the step.
    Program step();

    /// Puts a micro-batch where [#step] reads it. Whatever is random depends on the seed and on the batch's place in
    /// the whole run, not on the process that it is in.
    void fill(ClipBatch batch, Moment moment);

    /// The mean loss of the last micro-batch.
    float loss();

    /// What a step keeps, in the order of the data flow: where to look for the first bad number.
    List<Buffer> activations();
}
