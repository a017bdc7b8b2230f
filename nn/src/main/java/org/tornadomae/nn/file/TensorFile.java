package org.tornadomae.nn.file;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.tornadomae.nn.DType;
import org.tornadomae.nn.Sizes;
import org.tornadomae.nn.UserException;

/// Named tensors in a file, read one at a time.
public interface TensorFile extends AutoCloseable {
    /// One tensor: its element type in the file and its shape.
    record Entry(String name, DType dtype, int[] shape) {
        /// Number of elements.
        public int size() {
            return Sizes.product(shape);
        }
    }

    Path file();

    /// What the file says in words beside its tensors.
    Map<String, String> metadata();

    /// All tensors, in the order of the file.
    List<String> names();

    /// @throws UserException when the file has no such tensor
    Entry entry(String name);

    /// Reads a whole tensor in row-major order, rounded to float32.
    ///
    /// @throws UserException when the file cannot be read
    void readInto(String name, float[] into, int at);

    /// Reads a whole tensor of whole numbers.
    ///
    /// @throws UserException when its elements are fractions or the file cannot be read
    long[] longs(String name);

    /// Reads a whole tensor in row-major order, rounded to float32.
    default float[] floats(String name) {
        float[] values = new float[entry(name).size()];
        readInto(name, values, 0);
        return values;
    }

    /// Whether the file carries a checksum of every tensor; each reading then verifies it.
    default boolean checksummed() {
        return false;
    }

    /// Reads the tensors through and compares them with their checksums, where there are any.
    ///
    /// @throws UserException naming the first tensor that is not what was written
    default void verify() {}

    @Override
    void close();
}
