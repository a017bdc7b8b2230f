/// Clips for the model: from a list of videos to batches of normalised pixels.
///
/// [ClipSampler] says which frames make a clip, [Crop] and [ClipTransform] what becomes of their pixels; [ClipLoader]
/// runs them all ahead of the training loop, [ClipReader] for a single clip. Nothing here knows of models, and all
/// randomness comes through [ClipRandom].
package org.tornadomae.video.clip;
