/// What makes every look at a training clip a little different: RandAugment on the decoded bytes, random erasing on the
/// normalised clip, mixup and cutmix over the batch, and the soft targets that go with them.
///
/// The arithmetic on bytes is that of PIL 9.4, bit for bit: the published recipes ran on it. All numbers come from a
/// `RandomGenerator` that the caller keys (see [org.tornadomae.video.clip.ClipRandom]), so a clip looks the same
/// whichever thread prepares it.
package org.tornadomae.video.augment;
