package org.tornadomae.video.source;

import java.util.List;
import java.util.Map;

/**
 * What is in a tar.
 *
 * @param members the files that may be videos, in their order
 * @param losses what is not used, by reason
 */
record ArchiveIndex(List<Member> members, Map<ArchiveLoss, Integer> losses) {

    /**
     * A file in a tar.
     *
     * @param name its path there, without a leading {@code ./}
     * @param offset where its bytes begin in the (uncompressed) tar
     * @param size how many they are
     */
    record Member(String name, long offset, long size) {
    }
}
