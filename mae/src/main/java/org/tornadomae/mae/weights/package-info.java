/// Weights of other programs in and out: which format a file has, what its tensors are called here, what has to be
/// turned, and a plan that says for every tensor what becomes of it before anything is loaded.
///
/// Sources: the names come from state dicts that the official codes wrote; see each [Dialect].
package org.tornadomae.mae.weights;
