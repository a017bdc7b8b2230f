package org.tornadomae.mae;

/// An array with the name to print for it.
record NamedArray(String name, float[] values) {
}
