package org.tornadomae.mae.model;

/// An array with the name to print for it.
public record NamedArray(String name, float[] values) {
}
