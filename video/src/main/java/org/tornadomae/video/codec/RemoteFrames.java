package org.tornadomae.video.codec;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/// One video in a [DecoderProcess]. Each method asks, and waits for the answer.
final class RemoteFrames implements VideoFrames {

    static final int OPEN_REGION = 'F';
    static final int OPEN_BYTES = 'B';
    static final int NEXT = 'N';
    static final int RGB = 'R';

    private final DecoderProcess process;
    private final ByteSource video;
    private final Duration patience;
    private final Consumer<DecoderProcess> after;
    private int width;
    private int height;
    private int decoded;
    private int expected; // known at the end
    private double fps;
    private String codec;
    private long sendNanos;
    private long readNanos; // of the other process
    private boolean closed;

    /// @param after takes the process back
    RemoteFrames(DecoderProcess process, ByteSource video, Duration patience, Consumer<DecoderProcess> after) {
        this.process = process;
        this.video = video;
        this.patience = patience;
        this.after = after;
    }

    /// An exchange with the process.
    @FunctionalInterface
    private interface Question {
        void to(DataOutputStream out) throws IOException, DamagedVideoException;
    }

    void open(boolean autorotate) throws DamagedVideoException {
        ask(out -> send(out, autorotate), in -> {
            double streamed = in.readDouble();
            fps = video.fps() > 0 ? video.fps() : streamed;
            codec = in.readUTF();
            return null;
        });
    }

    /// The process reads bytes that are in a file by itself; others go through the pipe.
    private void send(DataOutputStream out, boolean autorotate) throws IOException, DamagedVideoException {
        Optional<ByteSource.Region> region = video.region();
        if (region.isPresent()) {
            out.write(OPEN_REGION);
            out.writeBoolean(autorotate);
            byte[] path = PathBytes.of(region.get().file().toAbsolutePath());
            out.writeInt(path.length);
            out.write(path);
            out.writeLong(region.get().offset());
            out.writeLong(region.get().size());
        } else {
            long start = System.nanoTime();
            try (InputStream in = Channels.newInputStream(video.open())) {
                byte[] bytes = in.readAllBytes();
                sendNanos = System.nanoTime() - start;
                out.write(OPEN_BYTES);
                out.writeBoolean(autorotate);
                out.writeInt(bytes.length);
                out.write(bytes);
            }
        }
    }

    @Override
    public boolean next() throws DamagedVideoException {
        boolean more = ask(out -> out.write(NEXT), in -> {
            boolean frame = in.readBoolean();
            readNanos = in.readLong();
            if (frame) {
                width = in.readInt();
                height = in.readInt();
            } else {
                expected = in.readInt();
            }
            return frame;
        });
        decoded += more ? 1 : 0;
        return more;
    }

    @Override
    public void rgb(byte[] into) throws DamagedVideoException {
        ask(out -> out.write(RGB), in -> {
            in.readFully(into, 0, width * height * 3);
            return null;
        });
    }

    private <T> T ask(Question question, DecoderProcess.Answer<T> answer) throws DamagedVideoException {
        try {
            question.to(process.out());
            return process.await(patience, in -> {
                checked(in);
                return answer.from(in);
            });
        } catch (DecoderProcess.HangException e) {
            throw new DamagedVideoException(DamageReason.HANGS, video);
        } catch (IOException e) {
            process.close();
            throw new DamagedVideoException(DamageReason.CRASHES, video);
        }
    }

    /// Every answer begins with a status byte: the reason of the damage, or a negative number.
    private void checked(DataInputStream in) throws IOException, DamagedVideoException {
        int reason = in.readByte();
        if (reason >= 0) {
            throw new DamagedVideoException(DamageReason.values()[reason], video);
        }
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public int height() {
        return height;
    }

    @Override
    public int decoded() {
        return decoded;
    }

    @Override
    public int expected() {
        return expected;
    }

    @Override
    public double fps() {
        return fps;
    }

    @Override
    public long readNanos() {
        return sendNanos + readNanos;
    }

    @Override
    public ByteSource source() {
        return video;
    }

    @Override
    public String codec() {
        return codec;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            after.accept(process);
        }
    }
}
