package org.tornadomae.video.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.tornadomae.video.VideoException;
import org.tornadomae.video.gzip.GzipIndex;
import org.tornadomae.video.gzip.GzipInput;
import org.tornadomae.video.gzip.GzipRegion;

/// Opens gzipped tars by the index that makes them seekable.
final class GzippedTar {

    private static final int MAX_MEMBER = 1 << 28; // bytes: each worker holds one

    private GzippedTar() {}

    /// @throws IndexFolderException when the archive cannot be read or its index not be written
    static Archive open(Path path, Path indexFolder, IndexProgress.Total progress) {
        try {
            GzipIndex index = GzipIndex.of(path, indexFolder, in -> list(in).toBytes(), progress::add);
            ArchiveIndex listing = ArchiveIndex.of(index.contents());
            return new Archive(path, listing.members().stream().map(member -> new Video(member.name(),
                    new GzipRegion(index, member.name(), member.offset(), member.size()), Video.NO_LABEL)).toList(),
                    listing);
        } catch (IOException e) {
            throw new IndexFolderException("cannot index " + path + " in " + indexFolder + ": " + e
                    + "; choose an index folder that can be written", e);
        }
    }

    /// Size of an archive that has no index yet, else 0.
    static long missingBytes(Path path, Path indexFolder) {
        try {
            return GzipIndex.missingBytes(path, indexFolder);
        } catch (IOException e) {
            throw new VideoException("cannot read " + path + ": " + e.getMessage(), e);
        }
    }

    private static ArchiveIndex list(GzipInput in) throws IOException {
        ArchiveIndex listing = TarScanner.scan(in, Long.MAX_VALUE, MAX_MEMBER);
        checkRest(in, listing.defects());
        return listing;
    }

    /// The checksum comes after the tar's end mark and its padding.
    private static void checkRest(GzipInput in, Map<ArchiveDefect, Integer> defects) {
        boolean read = defects.keySet().stream().noneMatch(defect -> defect == ArchiveDefect.ENDS_EARLY
                || defect == ArchiveDefect.DAMAGED_DATA || defect == ArchiveDefect.BOMB);
        if (read) {
            try {
                in.skipTo(Long.MAX_VALUE);
            } catch (IOException e) {
                defects.put(ArchiveDefect.of(e), 1);
            }
        }
        if (!in.intact()) {
            defects.put(ArchiveDefect.CHECKSUM, 1);
        }
    }
}
