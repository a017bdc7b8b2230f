package org.tornadomae.video.codec;

/// A way to decode videos. Any number of threads may use one.
public interface Decoder extends AutoCloseable {

    /// Decodes on the thread that asks; pictures come upright.
    Decoder IN_THREAD = inThread(true);

    /// Decodes on the thread that asks.
    ///
    /// @param autorotate whether pictures are turned as the container asks players to, or come as they are stored
    static Decoder inThread(boolean autorotate) {
        return new Decoder() {
            @Override
            public VideoFrames open(ByteSource video) throws DamagedVideoException {
                return FrameDecoder.open(video, autorotate);
            }

            @Override
            public boolean autorotate() {
                return autorotate;
            }

            @Override
            public void close() {
                // holds nothing
            }
        };
    }

    /// Opens a video.
    ///
    /// @param video where it is
    /// @return its frames, before the first
    /// @throws DamagedVideoException when it cannot be used, with the reason
    VideoFrames open(ByteSource video) throws DamagedVideoException;

    /// Whether pictures are turned as the container asks players to.
    default boolean autorotate() {
        return true;
    }

    /// Ends what it has started; videos still open must not be used any more.
    @Override
    void close();
}
