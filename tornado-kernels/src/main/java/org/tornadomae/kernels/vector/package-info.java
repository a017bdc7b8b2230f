/// The fast CPU executor, written with the Vector API: tiles, matrix products, attention, and rows of everything else,
/// on a crew of threads. [VectorExecutor] is the door; [VectorPeak] measures what the machine could do, for benchmarks.
package org.tornadomae.kernels.vector;
