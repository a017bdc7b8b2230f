/// Benchmarks: every operation, the whole training step, the step against its sizes, and the same step in PyTorch.
///
/// Nothing is timed before it was checked, every timing stands beside a peak measured in the same run, and what is to
/// be compared runs in processes of its own, in turn.
package org.tornadomae.bench;
