package org.tornadomae.video.source;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.tornadomae.video.codec.DamageReason;
import org.tornadomae.video.codec.DamagedClipException;
import org.tornadomae.video.codec.Media;
import org.tornadomae.video.source.ArchiveIndex.Member;

/** A member of a gzipped tar, decompressed into memory while it is open. */
record GzipMember(GzipIndex index, Member member) implements Media {

    @Override
    public SeekableByteChannel open() throws DamagedClipException {
        try {
            return new SeekableInMemoryByteChannel(index.read(member));
        } catch (IOException e) {
            throw new DamagedClipException(DamageReason.UNREADABLE, this);
        }
    }

    @Override
    public long size() {
        return member.size();
    }

    @Override
    public String toString() {
        return index.archive() + "!" + member.name();
    }
}
