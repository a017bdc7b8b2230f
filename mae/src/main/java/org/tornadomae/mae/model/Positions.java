package org.tornadomae.mae.model;

import org.tornadomae.nn.UserException;

/// How a stack knows where its tokens are (docs/spec.md, Model 3).
///
/// @param kind  what is added to a token
/// @param start how what is learned of it starts
public record Positions(Kind kind, Start start) {
    /// What is added to a token.
    public enum Kind {
        /// A learned vector of its place plus one of its time.
        SEPARABLE,
        /// A learned vector of its own.
        JOINT,
        /// A row of a fixed table, see [SinCosTable#of]: nothing to learn, nothing in a checkpoint.
        SINCOS
    }

    /// How learned positions start.
    public enum Start {
        /// The paper's.
        NORMAL,
        /// See [SinCosTable]: neighbours begin alike, which a small data set is not enough to teach.
        SINCOS
    }

    /// Learned, separable, from the paper's start.
    public static final Positions SEPARABLE = new Positions(Kind.SEPARABLE, Start.NORMAL);

    /// Learned, joint, from the paper's start.
    public static final Positions JOINT = new Positions(Kind.JOINT, Start.NORMAL);

    /// VideoMAE's fixed table.
    public static final Positions SINCOS = new Positions(Kind.SINCOS, Start.SINCOS);

    public Positions {
        if (kind == Kind.SINCOS && start != Start.SINCOS) {
            throw new UserException("sincos positions are a fixed table, which cannot start as anything else");
        }
    }
}
