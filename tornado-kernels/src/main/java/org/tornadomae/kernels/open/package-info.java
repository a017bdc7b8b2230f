/// Chooses an executor, once, at the door. It knows all of them, and nothing below knows it.
package org.tornadomae.kernels.open;
