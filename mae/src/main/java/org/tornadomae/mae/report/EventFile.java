package org.tornadomae.mae.report;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Map;
import java.util.zip.CRC32C;

/// A file that TensorBoard reads: TFRecords, each with an `Event` of TensorFlow's `event.proto` and `summary.proto`.
///
/// A record is: length (8 bytes, little-endian), its masked CRC-32C (4), the bytes, their masked CRC-32C (4). It is
/// written at once, so that a reader or a killed process never meets more than one torn record, the last one.
final class EventFile implements AutoCloseable {
    private static final String VERSION = "brain.Event:2";
    // field numbers of Event
    private static final int WALL_TIME = 1;
    private static final int STEP = 2;
    private static final int FILE_VERSION = 3;
    private static final int SUMMARY = 5;
    private static final int SESSION_LOG = 7;
    // of Summary, Summary.Value, Summary.Image and SessionLog
    private static final int VALUE = 1;
    private static final int TAG = 1;
    private static final int SIMPLE_VALUE = 2;
    private static final int IMAGE = 4;
    private static final int HEIGHT = 1;
    private static final int WIDTH = 2;
    private static final int COLOR_SPACE = 3;
    private static final int ENCODED_IMAGE = 4;
    private static final int STATUS = 1;

    private static final int RGB = 3;
    private static final int START = 1;
    private static final int MASK_DELTA = 0xa282ead8;

    private final FileChannel channel;

    /// A picture as it lies in a file.
    ///
    /// @param encoded PNG, JPEG or GIF
    record Image(int width, int height, byte[] encoded) {
    }

    private interface Fields {
        void writeTo(CodedOutputStream out) throws IOException;
    }

    /// @param file must not exist yet
    EventFile(Path file) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        event(0, event -> event.writeString(FILE_VERSION, VERSION));
    }

    /// Says that the run begins with this step: what earlier files hold from there on is void.
    void startsWith(long step) throws IOException {
        byte[] log = bytes(session -> session.writeEnum(STATUS, START));
        event(step, event -> event.writeByteArray(SESSION_LOG, log));
    }

    void scalars(long step, Map<String, Double> values) throws IOException {
        byte[] summary = bytes(out -> {
            for (Map.Entry<String, Double> scalar : values.entrySet()) {
                out.writeByteArray(VALUE, bytes(value -> {
                    value.writeString(TAG, scalar.getKey());
                    value.writeFloat(SIMPLE_VALUE, scalar.getValue().floatValue());
                }));
            }
        });
        event(step, event -> event.writeByteArray(SUMMARY, summary));
    }

    void image(long step, String tag, Image image) throws IOException {
        byte[] picture = bytes(out -> {
            out.writeInt32(HEIGHT, image.height());
            out.writeInt32(WIDTH, image.width());
            out.writeInt32(COLOR_SPACE, RGB);
            out.writeByteArray(ENCODED_IMAGE, image.encoded());
        });
        byte[] value = bytes(out -> {
            out.writeString(TAG, tag);
            out.writeByteArray(IMAGE, picture);
        });
        event(step, event -> event.writeByteArray(SUMMARY, bytes(out -> out.writeByteArray(VALUE, value))));
    }

    private void event(long step, Fields rest) throws IOException {
        Instant now = Instant.now();
        record(bytes(out -> {
            out.writeDouble(WALL_TIME, now.getEpochSecond() + now.getNano() / 1e9);
            out.writeInt64(STEP, step);
            rest.writeTo(out);
        }));
    }

    private void record(byte[] data) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(data.length + 16).order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(data.length);
        record.putInt(maskedCrc(record.array(), 0, Long.BYTES));
        record.put(data);
        record.putInt(maskedCrc(data, 0, data.length));
        record.flip();
        while (record.hasRemaining()) {
            channel.write(record);
        }
    }

    /// A CRC of bytes that hold CRCs is no good check, hence TFRecord turns and shifts it.
    private static int maskedCrc(byte[] bytes, int from, int count) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, count);
        return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
    }

    private static byte[] bytes(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            fields.writeTo(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
