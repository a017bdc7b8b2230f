package org.tornadomae.video.manifest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.tornadomae.video.VideoException;
import org.tornadomae.video.codec.ByteSource;
import org.tornadomae.video.codec.DamageReason;
import org.tornadomae.video.codec.DamagedVideoException;
import org.tornadomae.video.codec.VideoFrames;
import org.tornadomae.video.source.Video;
import org.tornadomae.video.source.VideoList;

/// Looks at every video of a data set: reads all bytes, decodes all frames.
public final class Doctor {

    private static final int BUFFER = 1 << 16;

    private final VideoList videos;

    private Doctor(VideoList videos) {
        this.videos = videos;
    }

    /// Examines a data set.
    ///
    /// @param videos  what to examine; a hostile video can do least harm when each is decoded in a process of its own
    /// @param workers how many at once
    /// @param done    called after each video, from any thread
    /// @return one entry per video, in the list's order
    public static Manifest examine(VideoList videos, int workers, Runnable done) {
        Doctor doctor = new Doctor(videos);
        try (ExecutorService pool = Executors.newFixedThreadPool(workers)) {
            List<Future<Entry>> entries = videos.videos().stream().map(video -> pool.submit(() -> {
                Entry entry = doctor.examine(video);
                done.run();
                return entry;
            })).toList();
            List<Entry> all = new ArrayList<>();
            for (Future<Entry> entry : entries) {
                all.add(entry.get());
            }
            return new Manifest(all);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof VideoException mistake) {
                throw mistake;
            }
            throw new IllegalStateException("examining a video failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while examining videos");
        }
    }

    private Entry examine(Video video) {
        Draft draft = new Draft();
        DamageReason reason = null;
        try {
            ByteSource bytes = held(video.bytes());
            draft.sha256 = sha256(bytes);
            try (VideoFrames frames = videos.decoder().open(bytes)) {
                draft.fps = video.bytes().fps() > 0 ? video.bytes().fps() : frames.fps();
                draft.codec = frames.codec();
                while (frames.next()) {
                    draft.frames = frames.decoded();
                }
                draft.promised = frames.expected();
                draft.width = frames.width();
                draft.height = frames.height();
            }
        } catch (DamagedVideoException e) {
            reason = e.reason();
        }
        return new Entry(video.name(), video.bytes().toString(), video.bytes().size(), draft.sha256, draft.frames,
                draft.promised, draft.fps, draft.width, draft.height, draft.codec, video.label(),
                reason == null ? Entry.USABLE : Entry.DAMAGED, reason == null ? null : reason.toString());
    }

    /// What is known so far, in case the rest fails.
    private static final class Draft {
        private String sha256;
        private int frames;
        private int promised;
        private double fps;
        private int width;
        private int height;
        private String codec;
    }

    /// Decompresses once what has to be decompressed.
    private static ByteSource held(ByteSource bytes) throws DamagedVideoException {
        if (bytes.region().isPresent()) {
            return bytes;
        }
        try (SeekableByteChannel channel = bytes.open()) {
            return ByteSource.of(Channels.newInputStream(channel).readAllBytes(), bytes.toString());
        } catch (IOException e) {
            throw new DamagedVideoException(DamageReason.UNREADABLE, bytes);
        }
    }

    private static String sha256(ByteSource bytes) throws DamagedVideoException {
        try (SeekableByteChannel channel = bytes.open()) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
            while (channel.read(buffer) >= 0) {
                digest.update(buffer.flip());
                buffer.clear();
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new DamagedVideoException(DamageReason.UNREADABLE, bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
