/// The TornadoVM executor: recorded tasks become task graphs over one pool of device arrays, are checked against plain
/// Java and replayed; and the kernels that only a device runs. [org.tornadomae.kernels.tornado.TornadoExecutor] is how
/// to reach it, in a JVM that was started with TornadoVM's modules.
package org.tornadomae.kernels.tornado;
