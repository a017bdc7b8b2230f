/// Tensors in files: our own checkpoints, and those of other programs.
///
/// [TensorFile] is what a caller sees, [TensorFiles] recognises the format, [Checkpoints] takes what is learned to a
/// file and back. A PyTorch checkpoint is read without running anything it contains: a `.pth` file is a program for a
/// stack machine (pickle); [Pickle] is that machine without the ability to name a class, [TorchObjects] what the few
/// names that weights need stand for.
package org.tornadomae.nn.file;
