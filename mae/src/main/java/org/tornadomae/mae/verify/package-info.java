/// Comparison with the official code's numbers.
package org.tornadomae.mae.verify;
