package org.tornadomae.video.codec;

import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Decodes in processes of their own, one per video at a time: what hostile bytes do to a decoder, they do not do to
/// this process. A decoder that gives no sign of life for [#PATIENCE] is ended.
public final class ProcessDecoder implements Decoder {

    /// How long one step (opening, decoding or converting one frame) may take.
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Duration patience;
    private final boolean autorotate;
    private final Queue<DecoderProcess> idle = new ConcurrentLinkedQueue<>();
    private final Set<DecoderProcess> all = ConcurrentHashMap.newKeySet();

    /// With the usual patience and upright pictures.
    public ProcessDecoder() {
        this(PATIENCE, true);
    }

    /// With upright pictures.
    ///
    /// @param patience how long one step may take
    public ProcessDecoder(Duration patience) {
        this(patience, true);
    }

    /// @param patience   how long one step may take
    /// @param autorotate whether pictures are turned as the container asks players to, or come as they are stored
    public ProcessDecoder(Duration patience, boolean autorotate) {
        this.patience = patience;
        this.autorotate = autorotate;
    }

    @Override
    public VideoFrames open(ByteSource video) throws DamagedVideoException {
        DecoderProcess process = idle.poll();
        if (process == null) {
            try {
                process = DecoderProcess.start();
            } catch (IOException e) {
                throw new DecoderStartException(e);
            }
            all.add(process);
        }
        RemoteFrames frames = new RemoteFrames(process, video, patience, this::takeBack);
        try {
            frames.open(autorotate);
            return frames;
        } catch (DamagedVideoException | RuntimeException e) {
            frames.close();
            throw e;
        }
    }

    @Override
    public boolean autorotate() {
        return autorotate;
    }

    private void takeBack(DecoderProcess process) {
        if (process.usable()) {
            idle.add(process);
        } else {
            all.remove(process);
            process.close();
        }
    }

    @Override
    public void close() {
        idle.clear();
        all.forEach(DecoderProcess::close);
        all.clear();
    }
}
