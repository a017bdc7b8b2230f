/// Tensors in files of other programs: PyTorch checkpoints read without running anything they contain.
///
/// [TensorFile] is what a caller sees, [TensorFiles] recognises the format. A `.pth` file is a program for a stack
/// machine (pickle); [Pickle] is that machine without the ability to name a class, [TorchObjects] what the few names
/// that weights need stand for.
package org.tornadomae.nn.file;
