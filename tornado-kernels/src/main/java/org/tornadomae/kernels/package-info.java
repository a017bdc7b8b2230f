/// Every number of the project is computed here and nowhere else.
///
/// This package is the contract: [org.tornadomae.kernels.Ops] is the instruction set,
/// [org.tornadomae.kernels.Program] a straight line of it, [org.tornadomae.kernels.Tensor] and
/// [org.tornadomae.kernels.Buffer] what it works on, [org.tornadomae.kernels.Backend] who executes it. The executors:
///
/// | package   | `--device`          | runs                                                                        |
/// |-----------|---------------------|-----------------------------------------------------------------------------|
/// | `loop`    | `loop`              | the `*Kernels`, plain loops, as they stand, in one thread: the reference    |
/// | `loop`    | none, for tests     | the same, failing where a program reads or writes what it must not          |
/// | `vector`  | `cpu`               | the Vector API on all processors, same bits for any number of threads       |
/// | `tornado` | `tornado[:B:D]`     | the `*Kernels` compiled by TornadoVM to OpenCL, PTX or CUDA, tiled on a GPU |
/// | `open`    | `auto`, all of them | chooses                                                                     |
///
/// House rules of a kernel: one `@Parallel` nest (the innermost index is contiguous in memory, so that GPU threads
/// coalesce); each output element has one owner, so there are no races and sums have a fixed order; arguments are only
/// `float[]`, `int[]` and `int`, at most fifteen, as many as TornadoVM's API takes (fourteen where a kernel for GPUs
/// adds its context); no state. The order of arguments is: cursor, outputs, inputs, weights, each array with its start
/// `xAt` and, if it may be stacked, its step; then sizes. [org.tornadomae.kernels.Out] and
/// [org.tornadomae.kernels.InOut] mark what a kernel writes. Gradients accumulate with `+=`.
///
/// Sizes, everywhere: B clips in the batch, N tokens, C channels of a token, NH heads, HS head size, L layers,
/// P values of a patch; T, H, W only for frames and pixels. What is stacked over layers is read at
/// `at + layer[0] * step`: the cursor `layer` lives in an array because TornadoVM folds scalars into the code, and one
/// compiled kernel has to serve every layer.
package org.tornadomae.kernels;
