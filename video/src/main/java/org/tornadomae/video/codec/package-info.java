/// FFmpeg through JavaCV: the only package that knows of it. Everything else sees plain RGB bytes.
///
/// Files are written with JavaCV's recorder. They are read with the bindings underneath it: JavaCV's grabber converts
/// every frame that it passes over, and hides FFmpeg's error codes, which tell the reasons of damage apart.
package org.tornadomae.video.codec;
