/**
 * FFmpeg through JavaCV: the only package that knows of it. Everything else sees plain RGB bytes.
 *
 * <p>Files are written with JavaCV's recorder. They are read with the bindings underneath it: JavaCV's grabber converts
 * every frame that it passes over and says in words what FFmpeg says in codes, which the reasons of damage need.
 */
package org.tornadomae.video.codec;
