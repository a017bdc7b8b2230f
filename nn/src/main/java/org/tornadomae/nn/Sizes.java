package org.tornadomae.nn;

/// Sizes of arrays, refused with a hint where Java's limit of 2³¹−1 elements is passed.
public final class Sizes {
    private Sizes() {}

    /// The product of sizes as an array length.
    ///
    /// @throws UserException when one Java array cannot hold so many elements
    public static int product(int... sizes) {
        long n = 1;
        for (int size : sizes) {
            n *= size;
            if (n > Integer.MAX_VALUE - 8) {
                throw new UserException(
                        "one array would need more than 2^31 elements (" + java.util.Arrays.toString(sizes)
                                + "): lower --batch-size, the input size or the width of the model");
            }
        }
        return (int) n;
    }

    /// A zeroed array of the product of sizes.
    public static float[] floats(int... sizes) {
        return new float[product(sizes)];
    }
}
