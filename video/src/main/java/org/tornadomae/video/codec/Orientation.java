package org.tornadomae.video.codec;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_side_data_get;

import java.nio.ByteOrder;
import java.nio.IntBuffer;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacketSideData;

/// How a stored picture has to be turned before it is shown: transposed first, then mirrored.
///
/// @param transposed rows become columns
/// @param mirroredX  the picture's left becomes its right
/// @param mirroredY  the picture's top becomes its bottom
record Orientation(boolean transposed, boolean mirroredX, boolean mirroredY) {

    /// As stored.
    static final Orientation STORED = new Orientation(false, false, false);

    private static final int MATRIX = 9; // 32-bit numbers
    private static final double STRAIGHT = 0.02; // tangent of about one degree, FFmpeg's tolerance too

    /// What the container's display matrix asks for. Turns by other than quarters are left out.
    static Orientation of(AVCodecParameters stream) {
        AVPacketSideData data = av_packet_side_data_get(stream.coded_side_data(), stream.nb_coded_side_data(),
                AV_PKT_DATA_DISPLAYMATRIX);
        if (!Native.held(data) || data.size() < MATRIX * Integer.BYTES) {
            return STORED;
        }
        IntBuffer matrix = data.data().capacity(MATRIX * Integer.BYTES).asByteBuffer().order(ByteOrder.nativeOrder())
                .asIntBuffer();
        return of(matrix.get(0), matrix.get(1), matrix.get(3), matrix.get(4));
    }

    /// For a matrix that takes a stored (x, y) to (a·x + c·y, b·x + d·y), y downwards.
    static Orientation of(long a, long b, long c, long d) {
        if (small(b, a) && small(c, d)) {
            return new Orientation(false, a < 0, d < 0);
        }
        if (small(a, b) && small(d, c)) {
            return new Orientation(true, c < 0, b < 0);
        }
        return STORED;
    }

    private static boolean small(long value, long beside) {
        return Math.abs(value) < STRAIGHT * Math.abs(beside);
    }

    /// Turns a picture.
    ///
    /// @param from   `[height][width][3]`
    /// @param width  columns as stored
    /// @param height rows as stored
    /// @param into   receives `[width][height][3]` when transposed, else `[height][width][3]`
    void turn(byte[] from, int width, int height, byte[] into) {
        int columns = transposed ? height : width;
        int rows = transposed ? width : height;
        for (int y = 0; y < rows; y++) {
            int turnedY = mirroredY ? rows - 1 - y : y;
            for (int x = 0; x < columns; x++) {
                int turnedX = mirroredX ? columns - 1 - x : x;
                int source = 3 * (transposed ? turnedX * width + turnedY : turnedY * width + turnedX);
                int target = 3 * (y * columns + x);
                into[target] = from[source];
                into[target + 1] = from[source + 1];
                into[target + 2] = from[source + 2];
            }
        }
    }
}
