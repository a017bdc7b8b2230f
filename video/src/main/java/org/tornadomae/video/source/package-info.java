/// Which videos there are: folders, lists, tars and gzipped tars, recognised by their content.
///
/// Nothing is ever unpacked: a member of an archive is a place to read from. Plain tars are read in place; gzipped ones
/// become seekable by an index that is made once, in one pass, and kept (`[org.tornadomae.video.gzip]`). So the same
/// videos give the same order and the same batches whatever they are packed in, and nothing else needs to know of
/// archives.
package org.tornadomae.video.source;
