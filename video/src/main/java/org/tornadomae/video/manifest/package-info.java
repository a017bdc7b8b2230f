/// What is known of a data set: a manifest, one line per video, made once by decoding everything. Training uses it to
/// leave out what is damaged and to know how many frames the rest has.
package org.tornadomae.video.manifest;
