package org.tornadomae.video.codec;

/// The frames of one video from first to last, decoded here or elsewhere. One thread uses it at a time.
public interface VideoFrames extends AutoCloseable {

    /// Decodes the next frame.
    ///
    /// @return false at the end of the video
    /// @throws DamagedVideoException when the video ends before its first frame, or cannot be read
    boolean next() throws DamagedVideoException;

    /// Converts the current frame, scaled to the size of the first one if the size changes midway.
    ///
    /// @param into receives `[height][width][3]` bytes 0..255; an array of at least [#height]·[#width]·3
    /// @throws DamagedVideoException when its pixel format cannot be converted
    void rgb(byte[] into) throws DamagedVideoException;

    /// Columns of the pictures from [#rgb]: those of the first frame; 0 before it is decoded.
    int width();

    /// Rows of the pictures from [#rgb]: those of the first frame; 0 before it is decoded.
    int height();

    /// Frames decoded so far.
    int decoded();

    /// Frames that the container says there are; 0 when it says nothing or nobody has asked it. It may be wrong.
    default int promised() {
        return 0;
    }

    /// Frames that would fill the time that the container promises, at the rate of those decoded so far; 0 when it
    /// promises nothing. Many more at the end than [#decoded] show that the video ends early.
    int expected();

    /// Frames per second as the stream says, or [FrameDecoder#FALLBACK_FPS].
    double fps();

    /// FFmpeg's name of the codec.
    String codec();

    /// Time spent on getting the bytes so far, decompression included.
    long readNanos();

    /// Where the video is.
    ByteSource source();

    /// Frees what it holds.
    @Override
    void close();
}
