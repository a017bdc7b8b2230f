package org.tornadomae.mae.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A second reader of TensorBoard's files, written from the description of the format, without protobuf and without the
/// JDK's CRC: a mistake in the writer cannot repeat itself here.
final class EventReader {
    /// The fields of a message by number: a Long, a Double, a Float or a byte[].
    record Message(Map<Integer, List<Object>> fields) {
        static Message of(byte[] bytes) {
            ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            Map<Integer, List<Object>> fields = new HashMap<>();
            while (in.hasRemaining()) {
                long key = varint(in);
                Object value = switch ((int) (key & 7)) {
                    case 0 -> varint(in);
                    case 1 -> in.getDouble();
                    case 2 -> {
                        byte[] part = new byte[(int) varint(in)];
                        in.get(part);
                        yield part;
                    }
                    case 5 -> in.getFloat();
                    default -> throw new AssertionError("wire type " + (key & 7));
                };
                fields.computeIfAbsent((int) (key >>> 3), _ -> new ArrayList<>()).add(value);
            }
            return new Message(fields);
        }

        boolean has(int field) {
            return fields.containsKey(field);
        }

        Object one(int field) {
            assertEquals(1, fields.getOrDefault(field, List.of()).size(), "field " + field + " of " + fields);
            return fields.get(field).getFirst();
        }

        long integer(int field) {
            return (Long) one(field);
        }

        String text(int field) {
            return new String((byte[]) one(field), StandardCharsets.UTF_8);
        }

        Message message(int field) {
            return of((byte[]) one(field));
        }

        List<Message> messages(int field) {
            return fields.getOrDefault(field, List.of()).stream().map(part -> of((byte[]) part)).toList();
        }
    }

    private EventReader() {}

    /// The events of a file, its checksums compared.
    static List<Message> read(Path file) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<Message> events = new ArrayList<>();
        while (in.hasRemaining()) {
            byte[] length = new byte[8];
            in.get(in.position(), length);
            byte[] data = new byte[(int) in.getLong()];
            assertEquals(masked(length), in.getInt(), "checksum of a length");
            in.get(data);
            assertEquals(masked(data), in.getInt(), "checksum of a record");
            events.add(Message.of(data));
        }
        return events;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0;; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private static int masked(byte[] bytes) {
        int crc = crc32c(bytes);
        return (crc >>> 15 | crc << 17) + 0xa282ead8;
    }

    /// Castagnoli's polynomial, bit by bit.
    static int crc32c(byte[] bytes) {
        int crc = ~0;
        for (byte b : bytes) {
            crc ^= b & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) == 1 ? crc >>> 1 ^ 0x82f63b78 : crc >>> 1;
            }
        }
        return ~crc;
    }
}
