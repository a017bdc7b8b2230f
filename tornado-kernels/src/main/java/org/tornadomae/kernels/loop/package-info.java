/// The plain loops. The `*Kernels` classes hold the tensor math as static methods whose `@Parallel` nests TornadoVM
/// compiles; [org.tornadomae.kernels.loop.LoopExecutor] runs them as they stand, and can watch a program while it does.
package org.tornadomae.kernels.loop;
