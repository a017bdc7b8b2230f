/// The models: their configuration, and encoder, decoder and loss that record a step.
///
/// Knows masks as index lists and nothing of files, videos or training.
package org.tornadomae.mae.model;
