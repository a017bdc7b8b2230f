/// What `mae bench loader` measures: the loader with a consumer that does nothing, the ffmpeg command on the same
/// videos, and the memory of a process over time.
package org.tornadomae.bench.loader;
