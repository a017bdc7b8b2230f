package org.tornadomae.mae.verify;

import java.util.List;
import org.tornadomae.kernels.Backend;
import org.tornadomae.nn.UserException;
import org.tornadomae.nn.file.TensorFile;

/// Compares with a reference dump (docs/spec.md, Reference numbers): a pre-training model, a classifier or a linear
/// probe, each with its outputs, gradients and optimizer steps.
public final class ReferenceCheck {
    /// One compared tensor.
    ///
    /// @param name  as in the dump, parameters by our names
    /// @param error relative error; for what must be exact, the share of elements that differ
    /// @param limit the tensor's own limit, or NaN for the tolerance of the whole check
    public record Line(String name, double error, double limit) {
        /// Whether the error is under its limit; NaN never is.
        public boolean ok(double tolerance) {
            return error <= (Double.isNaN(limit) ? tolerance : limit);
        }
    }

    private ReferenceCheck() {}

    /// Runs the whole comparison.
    ///
    /// @throws UserException when the file is not a reference dump, or a damaged one
    public static List<Line> run(TensorFile file, Backend backend) {
        if (file.names().contains("in.features")) {
            return ProbeCheck.run(file);
        }
        Dump dump = new Dump(file);
        return dump.model().has("num_classes")
                ? ClassifierCheck.run(dump, backend)
                : PretrainingCheck.run(dump,
                        backend);
    }
}
