/// The machinery of the fast CPU executor, written with the Vector API: tiles, matrix products, attention, and single rows
/// of everything else, on a crew of threads. Internal: [org.tornadomae.kernels.Ops] is how to reach it, and only
/// [VectorPeak] is for others, the benchmarks.
package org.tornadomae.kernels.vector;
