package org.tornadomae.kernels;

import java.lang.reflect.Array;
import java.util.Locale;

/// An array that programs work on, declared once: what it is called, what it is for and how large it is.
///
/// Its memory comes later, when all declarations and programs are known ([#bind], [#allocate]), so that scratch arrays
/// whose lifetimes do not meet can lie in one Java array. Buffers are equal only to themselves.
public final class Buffer {
    /// What a buffer is for. From it follows what a device uploads, downloads and keeps.
    public enum Role {
        /// Filled by the host before every run.
        INPUT,
        /// Filled by the host once, never written by a program.
        CONSTANT,
        /// Carried from run to run: parameters, gradients, moments.
        STATE,
        /// Written by forward and read by backward of the same program.
        KEPT,
        /// Written and read within a few operations of one program; its memory may be shared.
        SCRATCH,
        /// Read by the host after every run.
        OUTPUT,
        /// An array of a test or a benchmark that nobody declared.
        UNDECLARED
    }

    private final String name;
    private final Role role;
    private final ElementType type;
    private final int size;
    private Object array;

    private Buffer(String name, Role role, ElementType type, int size, Object array) {
        this.name = name;
        this.role = role;
        this.type = type;
        this.size = size;
        this.array = array;
    }

    /// Declares an array whose memory comes later.
    ///
    /// @param name for messages and profiles, e.g. "blocks.qkv"
    /// @param size elements, all layers together
    public static Buffer declare(String name, Role role, ElementType type, int size) {
        return new Buffer(name, role, type, size, null);
    }

    /// Declares an array that exists already.
    ///
    /// @param array `float[]` or `int[]`
    public static Buffer over(String name, Role role, Object array) {
        return new Buffer(name, role, ElementType.of(array), Array.getLength(array), array);
    }

    /// Gives the buffer memory, which others may share.
    ///
    /// @param memory of the buffer's type, at least as long; the buffer is its beginning
    public void bind(Object memory) {
        if (ElementType.of(memory) != type || Array.getLength(memory) < size) {
            throw new IllegalArgumentException(name + " needs " + size + " elements of " + type);
        }
        array = memory;
    }

    /// Gives the buffer zeroed memory of its own.
    public void allocate() {
        array = type.allocate(size);
    }

    /// @throws IllegalStateException before it has memory or when it holds integers
    public float[] floats() {
        return (float[]) array(ElementType.FLOAT32);
    }

    /// @throws IllegalStateException before it has memory or when it holds numbers
    public int[] ints() {
        return (int[]) array(ElementType.INT32);
    }

    private Object array(ElementType wanted) {
        if (type != wanted || array == null) {
            throw new IllegalStateException(
                    name + (type != wanted ? " holds " + type + ", not " + wanted : " has no memory yet"));
        }
        return array;
    }

    /// The Java array itself, or null before the buffer has memory.
    public Object array() {
        return array;
    }

    /// The Java array that a program works on.
    ///
    /// @throws IllegalStateException before it has memory
    public Object memory() {
        return array(type);
    }

    public String name() {
        return name;
    }

    public Role role() {
        return role;
    }

    public ElementType type() {
        return type;
    }

    /// Elements, all layers together.
    public int size() {
        return size;
    }

    /// Bytes of its memory.
    public long bytes() {
        return (long) size * type.bytes();
    }

    @Override
    public String toString() {
        return name + " (" + role.name().toLowerCase(Locale.ROOT) + ", " + size + " x " + type + ")";
    }
}
