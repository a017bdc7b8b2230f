/// How gradients become steps: AdamW over groups of parameters, learning rates over a run and over the depth of a
/// model.
package org.tornadomae.nn.optim;
