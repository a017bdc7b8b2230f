package org.tornadomae.nn;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/// Element types of tensors in files, named as safetensors names them. Values are little-endian.
public enum DType {
    F64(8), F32(4), F16(2), BF16(2), I64(8), U64(8), I32(4), U32(4), I16(2), U16(2), I8(1), U8(1), BOOL(1);

    private final int width;

    DType(int width) {
        this.width = width;
    }

    /// Bytes of one element.
    public int width() {
        return width;
    }

    /// The type of that name, or nothing for one that is unknown here.
    public static Optional<DType> of(String name) {
        return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    }

    /// Whether values are whole numbers (BOOL is 0 or 1).
    public boolean integral() {
        return switch (this) {
            case F64, F32, F16, BF16 -> false;
            default -> true;
        };
    }

    /// The element at a byte of a little-endian buffer, rounded to float32.
    public float toFloat(ByteBuffer bytes, int at) {
        return switch (this) {
            case F32 -> bytes.getFloat(at);
            case F64 -> (float) bytes.getDouble(at);
            case F16 -> Float.float16ToFloat(bytes.getShort(at));
            case BF16 -> Float.intBitsToFloat(bytes.getShort(at) << 16);
            default -> toLong(bytes, at);
        };
    }

    /// The element at a byte of a little-endian buffer; only for whole numbers. U64 past 2^63 comes out negative.
    public long toLong(ByteBuffer bytes, int at) {
        return switch (this) {
            case I64, U64 -> bytes.getLong(at);
            case I32 -> bytes.getInt(at);
            case U32 -> Integer.toUnsignedLong(bytes.getInt(at));
            case I16 -> bytes.getShort(at);
            case U16 -> Short.toUnsignedLong(bytes.getShort(at));
            case I8 -> bytes.get(at);
            case U8, BOOL -> Byte.toUnsignedLong(bytes.get(at));
            default -> throw new IllegalArgumentException(this + " is not a type of whole numbers");
        };
    }

    /// Converts the n elements that a buffer starts with.
    public void toFloats(ByteBuffer bytes, float[] into, int at, int n) {
        if (this == F32) {
            bytes.slice(0, 4 * n).order(bytes.order()).asFloatBuffer().get(into, at, n);
            return;
        }
        for (int i = 0; i < n; i++) {
            into[at + i] = toFloat(bytes, i * width);
        }
    }
}
