package org.tornadomae.video.codec;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HexFormat;

/// Paths as the bytes that a file system keeps, whatever the locale.
///
/// `Path.of` and `Path.toString` go through the locale's encoding: under `LC_ALL=C` they refuse or lose every
/// character beyond ASCII, and under UTF-8 a name in Latin-1. A path's URI keeps its bytes.
public final class PathBytes {

    private static final String UNRESERVED = "/-._~";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private PathBytes() {}

    /// A path in a folder.
    ///
    /// @param folder  an absolute path
    /// @param bytes   of the path, relative to the folder or absolute
    /// @throws InvalidPathException when they hold a zero byte
    public static Path resolve(Path folder, byte[] bytes) {
        if (ascii(bytes)) {
            return folder.resolve(new String(bytes, StandardCharsets.US_ASCII));
        }
        return Path.of(URI.create("file://" + (bytes[0] == '/' ? "" : raw(folder) + "/") + escaped(bytes)));
    }

    /// The bytes of an absolute path.
    public static byte[] of(Path path) {
        String text = path.toString();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ascii(bytes) ? bytes : unescaped(raw(path));
    }

    /// A path as names and messages have it: [#text] of its bytes, with '/' between its parts on every
    /// system.
    public static String text(Path path) {
        String text = path.toString();
        if (!ascii(text.getBytes(StandardCharsets.UTF_8))) {
            String absolute = text(of(path.toAbsolutePath()));
            int parts = path.isAbsolute() ? 0 : path.getNameCount();
            text = parts == 0 ? absolute : last(absolute, parts);
        }
        return text.replace(path.getFileSystem().getSeparator(), "/");
    }

    /// Bytes as UTF-8; those that are not are written `\xE9`, so that each can be told from the other.
    public static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            StringBuilder text = new StringBuilder();
            for (byte b : bytes) {
                text.append(b >= 0 ? String.valueOf((char) b) : "\\x" + HEX.toHexDigits(b));
            }
            return text.toString();
        }
    }

    /// The last parts of a path with '/' between them, at most so many.
    public static String last(String path, int parts) {
        int from = path.length();
        for (int i = 0; i < parts; i++) {
            from = path.lastIndexOf('/', from - 1);
        }
        return path.substring(from + 1);
    }

    private static boolean ascii(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }

    /// The path of the URI, without the '/' that a folder's ends with.
    private static String raw(Path path) {
        String raw = path.toUri().getRawPath();
        return raw.endsWith("/") && raw.length() > 1 ? raw.substring(0, raw.length() - 1) : raw;
    }

    private static String escaped(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte b : bytes) {
            if (b == 0) {
                throw new InvalidPathException(text(bytes), "Nul character not allowed");
            }
            boolean plain = b > 0 && (Character.isLetterOrDigit((char) b) || UNRESERVED.indexOf(b) >= 0);
            text.append(plain ? String.valueOf((char) b) : "%" + HEX.toHexDigits(b));
        }
        return text.toString();
    }

    private static byte[] unescaped(String raw) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < raw.length(); i++) {
            boolean escape = raw.charAt(i) == '%';
            bytes.write(escape ? HexFormat.fromHexDigits(raw, i + 1, i + 3) : raw.charAt(i));
            i += escape ? 2 : 0;
        }
        return bytes.toByteArray();
    }
}
