/// Every number of the project is computed here and nowhere else.
///
/// The `*Kernels` classes hold the tensor math as plain loops: static methods over flat row-major arrays whose
/// `@Parallel` nests TornadoVM compiles to OpenCL, PTX or CUDA, and which plain Java runs as they stand.
/// [org.tornadomae.kernels.Ops] is the instruction set over them, [org.tornadomae.kernels.Backend] the choice of who executes it.
///
/// House rules of a kernel: one `@Parallel` nest (the innermost index is contiguous in memory, so that GPU threads
/// coalesce); each output element has one owner, so there are no races and sums have a fixed order; arguments are
/// only `float[]`, `int[]` and `int`; no state. The order of arguments is: cursor, outputs, inputs, weights with
/// offsets, sizes. Gradients accumulate with `+=`.
///
/// Sizes, everywhere: B clips in the batch, N tokens, C channels of a token, NH heads, HS head size, L layers,
/// P values of a patch; T, H, W only for frames and pixels. What is stacked over layers is read at
/// `at + layer[0] * step`: the cursor `layer` lives in an array because TornadoVM folds scalars into the code, and one
/// compiled kernel has to serve every layer.
package org.tornadomae.kernels;
