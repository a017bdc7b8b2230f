/// Many processes as one: MPI's C library through `java.lang.foreign`, and sums whose bits do not depend on how many
/// processes there are.
///
/// [MpiRun] starts and ends it, [MpiCollective] is what a training loop speaks to; the rest is package-private.
package org.tornadomae.nn.mpi;
