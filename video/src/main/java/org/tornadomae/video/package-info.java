/**
 * Clips for the model: from a folder or a list of videos to batches of normalised pixels.
 *
 * <p>{@link org.tornadomae.video.VideoList} says which videos there are,
 * {@link org.tornadomae.video.ClipSampler} which frames make a clip, {@link org.tornadomae.video.Crop} and
 * {@link org.tornadomae.video.ClipTransform} what becomes of their pixels;
 * {@link org.tornadomae.video.ClipLoader} runs them all ahead of the training loop,
 * {@link org.tornadomae.video.ClipReader} for a single clip. Nothing here knows of models, and all randomness comes
 * through {@link org.tornadomae.video.ClipRandom}.
 */
package org.tornadomae.video;
