/// The layer library: parameters in one flat array, layers whose backward mirrors their forward, optimizer,
/// checkpoints.
///
/// It knows nothing of video, masks or devices. All arithmetic is emitted to [org.tornadomae.kernels.Ops].
package org.tornadomae.nn;
