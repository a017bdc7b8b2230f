/// Every operation at the shapes at which a training step calls it, checked against the plain loops, then timed by JMH.
package org.tornadomae.bench.ops;
