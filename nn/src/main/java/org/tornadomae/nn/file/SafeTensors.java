package org.tornadomae.nn.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.tornadomae.nn.DType;
import org.tornadomae.nn.Sizes;
import org.tornadomae.nn.UserException;

/// A safetensors file opened for reading: a header in JSON, then raw little-endian tensors.
///
/// Nothing the header says is believed before it is checked against the file, so that a damaged or hostile file costs
/// one line and no memory. Files written here carry a checksum of each tensor ([Checksums]), which every reading of a
/// tensor verifies.
public final class SafeTensors implements TensorFile {
    /// The reference implementation's own limit on the header.
    private static final long MAX_HEADER = 100_000_000;
    private static final int CHUNK = 1 << 20;
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /// Where a tensor lies in the file.
    private record Place(Entry entry, long start, long bytes) {
    }

    /// One tensor to write: `size` floats of `data` from `at`.
    public record Source(String name, int[] shape, float[] data, int at) {
    }

    private final Path file;
    private final FileChannel channel;
    private final Map<String, Place> places = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private Checksums checksums = Checksums.NONE;

    private SafeTensors(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /// Opens a file and checks its header.
    ///
    /// @throws UserException when it cannot be read or is not what it says
    public static SafeTensors open(Path file) {
        SafeTensors opened = null;
        try {
            opened = new SafeTensors(file, FileChannel.open(file, StandardOpenOption.READ));
            opened.readHeader();
            return opened;
        } catch (NoSuchFileException e) {
            throw new UserException(file + ": no such file", e);
        } catch (IOException e) {
            if (opened != null) {
                opened.close();
            }
            throw new UserException(file + ": cannot be read (" + e.getMessage() + ")", e);
        } catch (UserException e) {
            opened.close();
            throw e;
        }
    }

    private void readHeader() throws IOException {
        long size = channel.size();
        if (size < 8) {
            throw damaged("only " + size + " bytes long");
        }
        long length = read(0, 8).getLong();
        if (length < 2 || length > size - 8) {
            throw damaged("its header claims " + Long.toUnsignedString(length) + " bytes but the file has " + size);
        }
        if (length > MAX_HEADER) {
            throw damaged("its header of " + length + " bytes is over the format's limit of " + MAX_HEADER);
        }
        byte[] text = new byte[(int) length];
        read(8, text.length).get(text);
        JsonNode header;
        try {
            header = JSON.readTree(new String(text, StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw damaged("its header is not JSON: " + e.getOriginalMessage());
        }
        if (!header.isObject()) {
            throw damaged("its header is not a JSON object");
        }
        for (Map.Entry<String, JsonNode> field : header.properties()) {
            if (field.getKey().equals("__metadata__")) {
                if (!field.getValue().isObject()) {
                    throw damaged("its __metadata__ is not a JSON object");
                }
                field.getValue().properties().forEach(m -> metadata.put(m.getKey(), m.getValue().asText()));
            } else {
                places.put(field.getKey(), place(field.getKey(), field.getValue(), 8 + length, size));
            }
        }
        refuseOverlaps();
        checksums = Checksums.parse(metadata.remove(Checksums.KEY))
                .orElseThrow(() -> damaged("its checksums are no JSON object of numbers"));
    }

    private void refuseOverlaps() {
        Place before = null;
        for (Place place : places.values().stream()
                .sorted(Comparator.comparingLong(Place::start).thenComparingLong(Place::bytes)).toList()) {
            if (before != null && place.start() < before.start() + before.bytes()) {
                throw damaged("tensors " + before.entry().name() + " and " + place.entry().name() + " overlap");
            }
            before = place;
        }
    }

    private Place place(String name, JsonNode node, long dataStart, long fileSize) {
        JsonNode offsets = node.path("data_offsets");
        JsonNode shapeNode = node.path("shape");
        if (!shapeNode.isArray() || offsets.size() != 2 || integer(offsets.get(0)) < 0 || integer(offsets.get(1)) < 0) {
            throw damaged("tensor " + name + " has no usable shape or data_offsets");
        }
        int[] shape = new int[shapeNode.size()];
        long elements = 1;
        for (int i = 0; i < shape.length; i++) {
            long side = integer(shapeNode.get(i));
            if (side < 0 || side > Integer.MAX_VALUE || elements * side > Integer.MAX_VALUE) {
                throw damaged("tensor " + name + " has the impossible shape " + shapeNode);
            }
            shape[i] = (int) side;
            elements *= side;
        }
        String dtype = node.path("dtype").asText();
        DType type = DType.of(dtype)
                .orElseThrow(() -> damaged("tensor " + name + " has the unknown type '" + dtype + "'"));
        long start = offsets.get(0).asLong();
        long end = offsets.get(1).asLong();
        if (end < start || end > fileSize - dataStart) {
            throw damaged(
                    "tensor " + name + " should end at byte " + (dataStart + end) + " but the file has " + fileSize
                            + ": it was cut off or its header lies");
        }
        if (end - start != elements * type.width()) {
            throw damaged("tensor " + name + " has " + (end - start) + " bytes where its shape " + shapeNode + " needs "
                    + elements * type.width());
        }
        return new Place(new Entry(name, type, shape), dataStart + start, end - start);
    }

    /// The number, or -1 where it is not a whole one that fits.
    private static long integer(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong() ? node.asLong() : -1;
    }

    private UserException damaged(String why) {
        return new UserException(file + ": not a usable safetensors file: " + oneLine(why));
    }

    /// A message with names and numbers that come from a file: they must not break the one line or fill the screen.
    static String oneLine(String message) {
        String line = message.replaceAll("[\\p{Cntrl}\u2028\u2029]", "?");
        return line.length() > 300 ? line.substring(0, 300) + "…" : line;
    }

    private ByteBuffer read(long at, int bytes) throws IOException {
        return FileBytes.read(channel, at, bytes);
    }

    @Override
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    @Override
    public List<String> names() {
        return List.copyOf(places.keySet());
    }

    @Override
    public Path file() {
        return file;
    }

    @Override
    public Entry entry(String name) {
        return place(name).entry();
    }

    private Place place(String name) {
        Place place = places.get(name);
        if (place == null) {
            throw new UserException(file + ": has no tensor " + name);
        }
        return place;
    }

    /// Byte of the file at which a tensor starts.
    public long start(String name) {
        return place(name).start();
    }

    @Override
    public void readInto(String name, float[] values, int at) {
        Place place = place(name);
        DType type = place.entry().dtype();
        int total = place.entry().size();
        CRC32C crc = new CRC32C();
        try {
            for (int done = 0; done < total; done += CHUNK) {
                int n = Math.min(CHUNK, total - done);
                ByteBuffer bytes = read(place.start() + (long) type.width() * done, type.width() * n);
                crc.update(bytes.duplicate());
                type.toFloats(bytes, values, at + done, n);
            }
            checksums.verify(file, name, crc.getValue());
        } catch (IOException e) {
            throw new UserException(file + ": tensor " + name + " cannot be read (" + e.getMessage() + ")", e);
        }
    }

    @Override
    public boolean checksummed() {
        return checksums.covers(places.keySet());
    }

    @Override
    public void verify() {
        try {
            for (Place place : places.values()) {
                CRC32C crc = new CRC32C();
                for (long done = 0; done < place.bytes(); done += CHUNK) {
                    crc.update(read(place.start() + done, (int) Math.min(CHUNK, place.bytes() - done)));
                }
                checksums.verify(file, place.entry().name(), crc.getValue());
            }
        } catch (IOException e) {
            throw new UserException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    @Override
    public long[] longs(String name) {
        Place place = place(name);
        DType type = place.entry().dtype();
        if (!type.integral()) {
            throw new UserException(file + ": tensor " + name + " is " + type + ", expected whole numbers");
        }
        long[] values = new long[place.entry().size()];
        try {
            for (int done = 0; done < values.length; done += CHUNK) {
                int n = Math.min(CHUNK, values.length - done);
                ByteBuffer bytes = read(place.start() + (long) type.width() * done, type.width() * n);
                for (int i = 0; i < n; i++) {
                    values[done + i] = type.toLong(bytes, i * type.width());
                }
            }
        } catch (IOException e) {
            throw new UserException(file + ": tensor " + name + " cannot be read (" + e.getMessage() + ")", e);
        }
        return values;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UserException(file + ": cannot be closed (" + e.getMessage() + ")", e);
        }
    }

    /// Writes a file, header with checksums first, and forces it to the disk.
    public static void write(Path file, Map<String, String> metadata, List<Source> tensors) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            byte[] header = header(metadata, tensors).getBytes(StandardCharsets.UTF_8);
            ByteBuffer head = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(header.length).put(header).flip();
            FileBytes.write(channel, head);
            ByteBuffer chunk = ByteBuffer.allocateDirect(4 * CHUNK).order(ByteOrder.LITTLE_ENDIAN);
            for (Source tensor : tensors) {
                int total = Sizes.product(tensor.shape());
                for (int done = 0; done < total; done += CHUNK) {
                    int n = Math.min(CHUNK, total - done);
                    FileBytes.write(channel, FileBytes.of(tensor, done, n, chunk));
                }
            }
            channel.force(true);
        }
    }

    private static String header(Map<String, String> metadata, List<Source> tensors) throws JsonProcessingException {
        ObjectNode header = JSON.createObjectNode();
        ObjectNode meta = header.putObject("__metadata__");
        metadata.forEach(meta::put);
        meta.put(Checksums.KEY, Checksums.of(tensors).toJson());
        long offset = 0;
        for (Source tensor : tensors) {
            ObjectNode node = header.putObject(tensor.name()).put("dtype", "F32");
            ArrayNode shape = node.putArray("shape");
            for (int side : tensor.shape()) {
                shape.add(side);
            }
            long end = offset + 4L * Sizes.product(tensor.shape());
            node.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        String text = JSON.writeValueAsString(header);
        return text + " ".repeat((8 - text.getBytes(StandardCharsets.UTF_8).length % 8) % 8);
    }
}
