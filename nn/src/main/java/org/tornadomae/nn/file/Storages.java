package org.tornadomae.nn.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/// The raw bytes that a checkpoint's tensors lie in: some numbered storages, which several tensors may share.
interface Storages extends Closeable {
    /// Length of a storage in bytes.
    ///
    /// @throws MalformedException when there is no such storage
    long bytes(String key) throws MalformedException;

    /// The n bytes of a storage from a byte on, which the caller has checked to be there.
    ByteBuffer read(String key, long at, int n) throws IOException;
}
