/** FFmpeg through JavaCV's bindings: the only package that knows of it. Everything else sees plain RGB bytes. */
package org.tornadomae.video.codec;
