/// Random access to gzip files (RFC 1952, DEFLATE: RFC 1951) without unpacking them.
///
/// The method is that of zlib's `examples/zran.c` by Mark Adler: one pass over the file notes a restart point every few
/// megabytes, at the start of a DEFLATE block: where it is in the file, down to the bit, where in the data, and the
/// 32 KiB before it, to which matches may refer. zran asks zlib to stop at the end of each block.
/// [java.util.zip.Inflater] has no such call, so the pass is made by [org.tornadomae.video.gzip.Inflate], written for
/// this; reading from a restart point uses the platform's inflater again, see [org.tornadomae.video.gzip.Restart].
package org.tornadomae.video.gzip;
