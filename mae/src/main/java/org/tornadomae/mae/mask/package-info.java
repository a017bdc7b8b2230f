/// Masks: which tokens are removed, and the index lists that the kernels read.
///
/// Knows tokens, not models.
package org.tornadomae.mae.mask;
