package org.tornadomae.video.gzip;

import java.util.LinkedHashMap;
import java.util.Map;

/// The data between two restart points, of the few segments that were last asked for more than once: whoever reads many
/// small members in their order decompresses each segment once, not once per member.
final class Segments {

    private static final int MOST = 8; // of 4 MiB each
    private static final byte[] ASKED_ONCE = {};

    private record Key(GzipIndex index, int restart) {
    }

    private static final Map<Key, byte[]> LAST = new LinkedHashMap<>(MOST, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, byte[]> eldest) {
            return size() > MOST;
        }
    };

    private Segments() {}

    /// The segment's data; empty when it is asked for the second time and should be put here; null at the first.
    static byte[] get(GzipIndex index, int restart) {
        synchronized (LAST) {
            return LAST.putIfAbsent(new Key(index, restart), ASKED_ONCE);
        }
    }

    static void put(GzipIndex index, int restart, byte[] data) {
        synchronized (LAST) {
            LAST.put(new Key(index, restart), data);
        }
    }
}
