package org.tornadomae.video.codec;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;

/// The other end of [RemoteFrames]: answers the requests that come through its pipe, until that closes.
final class DecoderMain {

    private static final int FINE = -1;
    private static final Path ROOT = Path.of("").toAbsolutePath().getRoot();

    private final DataInputStream in = new DataInputStream(new BufferedInputStream(System.in, 1 << 16));
    private final DataOutputStream out =
            new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16));
    private FrameDecoder decoder; // of the last video opened
    private byte[] rgb = new byte[0];

    private DecoderMain() {}

    public static void main(String[] arguments) throws IOException {
        DecoderMain main = new DecoderMain();
        System.setOut(System.err); // the pipe is for answers alone
        outliveSignals();
        Native.load();
        main.out.writeBoolean(true);
        main.out.flush();
        for (int request = main.in.read(); request >= 0; request = main.in.read()) {
            main.answer(request);
            main.out.flush();
        }
    }

    /// Ctrl-C reaches this process, too, but its parent still needs the last clips: work on until the pipe closes.
    private static void outliveSignals() {
        Thread main = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                main.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    private void answer(int request) throws IOException {
        try {
            switch (request) {
                case RemoteFrames.OPEN_REGION ->
                    open(in.readBoolean(), new ByteSource.Region(PathBytes.resolve(ROOT, in.readNBytes(in.readInt())),
                            in.readLong(), in.readLong()));
                case RemoteFrames.OPEN_BYTES ->
                    open(in.readBoolean(), ByteSource.of(in.readNBytes(in.readInt()), "bytes"));
                case RemoteFrames.NEXT -> next();
                case RemoteFrames.RGB -> picture();
                default -> throw new EOFException("not a request: " + request);
            }
        } catch (DamagedVideoException e) {
            out.writeByte(e.reason().ordinal());
        }
    }

    private void open(boolean autorotate, ByteSource.Region region) throws IOException, DamagedVideoException {
        boolean whole = region.offset() == 0 && region.size() < 0;
        open(autorotate, whole ? ByteSource.of(region.file()) : ByteSource.of(region, "region"));
    }

    private void open(boolean autorotate, ByteSource video) throws IOException, DamagedVideoException {
        if (decoder != null) {
            decoder.close();
            decoder = null;
        }
        decoder = FrameDecoder.open(video, autorotate);
        out.writeByte(FINE);
        out.writeDouble(decoder.fps());
        out.writeUTF(decoder.codec());
    }

    private void next() throws IOException, DamagedVideoException {
        boolean more = decoder.next();
        out.writeByte(FINE);
        out.writeBoolean(more);
        out.writeLong(decoder.readNanos());
        if (more) {
            out.writeInt(decoder.width());
            out.writeInt(decoder.height());
        } else {
            out.writeInt(decoder.expected());
        }
    }

    private void picture() throws IOException, DamagedVideoException {
        int size = decoder.width() * decoder.height() * 3;
        if (rgb.length < size) {
            rgb = new byte[size];
        }
        decoder.rgb(rgb);
        out.writeByte(FINE);
        out.write(rgb, 0, size);
    }
}
