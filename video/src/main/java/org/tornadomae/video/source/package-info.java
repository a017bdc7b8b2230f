/**
 * Which videos there are: folders, lists, tars and gzipped tars, found by their content.
 *
 * <p>Nothing is ever unpacked: a member of an archive is a place to read from. Plain tars are read where they lie.
 * Gzipped ones become seekable by an index that is made once, in one pass, and kept: a restart point every few
 * megabytes, at the start of a DEFLATE block. So the same videos give the same order and the same batches whatever they
 * are packed in, and nothing else needs to know of archives.
 */
package org.tornadomae.video.source;
