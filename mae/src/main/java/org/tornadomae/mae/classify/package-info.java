/// From a model's outputs to an answer: scores of a video from its views, nearest neighbours of its features, accuracy.
///
/// Plain functions of the host; nothing here is trained.
package org.tornadomae.mae.classify;
