package org.tornadomae.video.source;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import org.tornadomae.video.ClipException;
import org.tornadomae.video.codec.Media;

/**
 * A tar, gzipped or not.
 *
 * @param path the file
 * @param videos the members that may be videos
 * @param index what was found in it
 */
record Archive(Path path, List<Video> videos, ArchiveIndex index) {

    static Archive open(Path path, Path indexFolder, Indexing.Total progress) {
        if (Kind.of(path) == Kind.GZIP) {
            GzipIndex index = GzipIndex.of(path, indexFolder, progress);
            return new Archive(path, index.index().members().stream()
                    .map(member -> new Video(member.name(), new GzipMember(index, member), Video.NO_LABEL)).toList(),
                    index.index());
        }
        try (FileChannel channel = FileChannel.open(path)) {
            ArchiveIndex index = TarScanner.scan(new PlainInput(channel), channel.size(), Long.MAX_VALUE);
            return new Archive(path, index.members().stream()
                    .map(member -> new Video(member.name(), media(path, member), Video.NO_LABEL)).toList(), index);
        } catch (IOException e) {
            throw new ClipException("cannot read " + path + ": " + e.getMessage(), e);
        }
    }

    /** How much has to be read before these can be opened. */
    static long unindexedBytes(List<Path> paths, Path indexFolder) {
        return paths.stream().distinct().filter(path -> Kind.of(path) == Kind.GZIP)
                .mapToLong(path -> GzipIndex.missingBytes(path, indexFolder)).sum();
    }

    private static Media media(Path path, ArchiveIndex.Member member) {
        return Media.of(new Media.Region(path, member.offset(), member.size()), path + "!" + member.name());
    }
}
