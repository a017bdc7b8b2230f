package org.tornadomae.video.source;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import org.tornadomae.video.VideoException;
import org.tornadomae.video.codec.ByteSource;
import org.tornadomae.video.codec.PathBytes;

/// A tar, gzipped or not.
///
/// @param path   the file
/// @param videos the members that may be videos
/// @param index  what was found in it
record Archive(Path path, List<Video> videos, ArchiveIndex index) {

    static Archive open(Path path, Path indexFolder, IndexProgress.Total progress) {
        if (SourceKind.of(path) == SourceKind.GZIP) {
            return GzippedTar.open(path, indexFolder, progress);
        }
        try (FileChannel channel = FileChannel.open(path)) {
            ArchiveIndex index = TarScanner.scan(new PlainInput(channel), channel.size(), Long.MAX_VALUE);
            return new Archive(path, index.members().stream()
                    .map(member -> new Video(member.name(), bytes(path, member), Video.NO_LABEL)).toList(), index);
        } catch (IOException e) {
            throw new VideoException("cannot read " + PathBytes.text(path) + ": " + e.getMessage(), e);
        }
    }

    /// How much has to be read before these can be opened.
    static long unindexedBytes(List<Path> paths, Path indexFolder) {
        return paths.stream().distinct().filter(path -> SourceKind.of(path) == SourceKind.GZIP)
                .mapToLong(path -> GzippedTar.missingBytes(path, indexFolder)).sum();
    }

    private static ByteSource bytes(Path path, ArchiveIndex.Member member) {
        return ByteSource.of(new ByteSource.Region(path, member.offset(), member.size()),
                PathBytes.text(path) + "!" + member.name());
    }
}
