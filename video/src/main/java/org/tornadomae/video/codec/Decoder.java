package org.tornadomae.video.codec;

/// A way to decode videos. Any number of threads may use one.
public interface Decoder extends AutoCloseable {

    /// Decodes on the thread that asks.
    Decoder IN_THREAD = new Decoder() {
        @Override
        public VideoFrames open(ByteSource video) throws DamagedVideoException {
            return FrameDecoder.open(video);
        }

        @Override
        public void close() {
            // holds nothing
        }
    };

    /// Opens a video.
    ///
    /// @param video where it is
    /// @return its frames, before the first
    /// @throws DamagedVideoException when it cannot be used, with the reason
    VideoFrames open(ByteSource video) throws DamagedVideoException;

    /// Ends what it has started; videos still open must not be used any more.
    @Override
    void close();
}
