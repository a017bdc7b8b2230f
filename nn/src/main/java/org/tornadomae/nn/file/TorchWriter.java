package org.tornadomae.nn.file;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.tornadomae.nn.Sizes;

/// Writes float32 tensors as a PyTorch checkpoint that `torch.load` opens, `weights_only` too: a dictionary of the
/// metadata's strings and, under one key, the dictionary of tensors.
final class TorchWriter {
    private static final int CHUNK = 1 << 20;

    private final ByteArrayOutputStream pickle = new ByteArrayOutputStream();

    private TorchWriter() {}

    static void write(Path file, String weightsKey, Map<String, String> metadata,
            List<SafeTensors.Source> tensors) throws IOException {
        try (OutputStream out = Files.newOutputStream(file); ZipOutputStream zip = new ZipOutputStream(out)) {
            byte[] program = new TorchWriter().program(weightsKey, metadata, tensors);
            entry(zip, "archive/data.pkl", List.of(ByteBuffer.wrap(program)));
            entry(zip, "archive/byteorder", List.of(StandardCharsets.US_ASCII.encode("little")));
            for (int i = 0; i < tensors.size(); i++) {
                entry(zip, "archive/data/" + i, chunks(tensors.get(i)));
            }
            entry(zip, "archive/version", List.of(StandardCharsets.US_ASCII.encode("3\n")));
        }
    }

    /// The tensor's bytes, made piece by piece as they are walked through.
    private static Iterable<ByteBuffer> chunks(SafeTensors.Source tensor) {
        int total = Sizes.product(tensor.shape());
        return () -> IntStream.range(0, Math.ceilDiv(total, CHUNK)).mapToObj(chunk -> {
            int n = Math.min(CHUNK, total - chunk * CHUNK);
            return FileBytes.of(tensor, chunk * CHUNK, n,
                    ByteBuffer.allocate(4 * n).order(ByteOrder.LITTLE_ENDIAN));
        }).iterator();
    }

    /// An uncompressed entry, whose length and checksum the format wants before its bytes.
    private static void entry(ZipOutputStream zip, String name, Iterable<ByteBuffer> content) throws IOException {
        CRC32 crc = new CRC32();
        long size = 0;
        for (ByteBuffer piece : content) {
            crc.update(piece.array(), 0, piece.limit());
            size += piece.limit();
        }
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(size);
        entry.setCrc(crc.getValue());
        entry.setTime(0);
        zip.putNextEntry(entry);
        for (ByteBuffer piece : content) {
            zip.write(piece.array(), 0, piece.limit());
        }
        zip.closeEntry();
    }

    private byte[] program(String weightsKey, Map<String, String> metadata, List<SafeTensors.Source> tensors) {
        op(0x80, 2, '}', '(');
        metadata.forEach((key, value) -> {
            text(key);
            text(value);
        });
        text(weightsKey);
        global("collections", "OrderedDict");
        op(')', 'R', '(');
        for (int i = 0; i < tensors.size(); i++) {
            text(tensors.get(i).name());
            tensor(i, tensors.get(i).shape());
        }
        op('u', 'u', '.');
        return pickle.toByteArray();
    }

    /// _rebuild_tensor_v2(storage, offset 0, shape, row-major strides, requires_grad False, no hooks)
    private void tensor(int storage, int[] shape) {
        int elements = Sizes.product(shape);
        global("torch._utils", "_rebuild_tensor_v2");
        op('(', '(');
        text("storage");
        global("torch", "FloatStorage");
        text(Integer.toString(storage));
        text("cpu");
        integer(elements);
        op('t', 'Q');
        integer(0);
        op('(');
        for (int side : shape) {
            integer(side);
        }
        op('t', '(');
        for (int d = 0; d < shape.length; d++) {
            int stride = 1;
            for (int inner = d + 1; inner < shape.length; inner++) {
                stride *= shape[inner];
            }
            integer(stride);
        }
        op('t', 0x89);
        global("collections", "OrderedDict");
        op(')', 'R', 't', 'R');
    }

    private void op(int... bytes) {
        for (int b : bytes) {
            pickle.write(b);
        }
    }

    private void integer(int value) {
        opWithInt('J', value);
    }

    private void opWithInt(char op, int value) {
        pickle.writeBytes(ByteBuffer.allocate(5).order(ByteOrder.LITTLE_ENDIAN).put((byte) op).putInt(value).array());
    }

    private void text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        opWithInt('X', bytes.length);
        pickle.writeBytes(bytes);
    }

    private void global(String module, String name) {
        pickle.writeBytes(("c" + module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
    }
}
