package org.tornadomae.video.codec;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.util.Optional;

/// A part of a file, read in place.
record RegionSource(Region part, String name) implements ByteSource {

    @Override
    public SeekableByteChannel open() throws DamagedVideoException {
        try {
            return new RangeChannel(FileChannel.open(part.file()), part.offset(), part.size());
        } catch (IOException e) {
            throw new DamagedVideoException(DamageReason.UNREADABLE, this);
        }
    }

    @Override
    public long size() {
        return part.size();
    }

    @Override
    public Optional<Region> region() {
        return Optional.of(part);
    }

    @Override
    public String toString() {
        return name;
    }
}
