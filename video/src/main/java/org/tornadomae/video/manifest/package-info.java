/**
 * What is known of a data set: a manifest, one line per video, made once by decoding everything and used by training to
 * leave out what is damaged and to know how long the rest is.
 */
package org.tornadomae.video.manifest;
