package org.tornadomae.video.source;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import org.tornadomae.video.codec.DamageReason;
import org.tornadomae.video.codec.DamagedClipException;
import org.tornadomae.video.codec.Media;
import org.tornadomae.video.source.ArchiveIndex.Member;

/** A member of a plain tar, read where it lies. */
record TarMember(Path archive, Member member) implements Media {

    @Override
    public SeekableByteChannel open() throws DamagedClipException {
        try {
            return new RangeChannel(FileChannel.open(archive), member.offset(), member.size());
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
        return archive + "!" + member.name();
    }
}
