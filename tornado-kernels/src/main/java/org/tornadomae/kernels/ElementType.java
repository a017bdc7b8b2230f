package org.tornadomae.kernels;

/// What the elements of a [Buffer] are.
public enum ElementType {
    /// `float[]`: every number.
    FLOAT32,
    /// `int[]`: token numbers and places.
    INT32;

    /// Bytes of one element.
    public int bytes() {
        return Integer.BYTES;
    }

    /// The type of a Java array.
    ///
    /// @throws IllegalArgumentException for an array that no kernel takes
    static ElementType of(Object array) {
        return switch (array) {
            case float[] _ -> FLOAT32;
            case int[] _ -> INT32;
            default -> throw new IllegalArgumentException(
                    "kernels take float[] and int[], not " + array.getClass().getSimpleName());
        };
    }

    /// A zeroed array of this type.
    Object allocate(int size) {
        return switch (this) {
            case FLOAT32 -> new float[size];
            case INT32 -> new int[size];
        };
    }
}
