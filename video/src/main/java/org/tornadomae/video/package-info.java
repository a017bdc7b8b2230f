/// From files to batches of clips, on the host. An arrow points to what a package uses:
///
/// ```
/// augment, views → clip, manifest → source → gzip → codec ← synthetic
/// ```
///
/// `[org.tornadomae.video.codec]` decodes and encodes, `[org.tornadomae.video.gzip]` reads in the middle of gzip files,
/// `[org.tornadomae.video.source]` finds the videos of a data set, `[org.tornadomae.video.manifest]` remembers which of
/// them are usable, `[org.tornadomae.video.clip]` cuts and batches them, `[org.tornadomae.video.augment]` makes every
/// look at a clip different, `[org.tornadomae.video.views]` reads all the looks of a test,
/// `[org.tornadomae.video.synthetic]` makes some videos.
/// All of them throw a [VideoException] for a mistake that the user can mend.
package org.tornadomae.video;
