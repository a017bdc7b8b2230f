/// From a model's weights to an answer: fine-tuning, scores of a video from its views, features, probes of them,
/// accuracy.
package org.tornadomae.mae.classify;
