package org.tornadomae.bench.loader;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.tornadomae.nn.UserException;

/// What a process holds, with those that it started: resident memory and open handles, as Linux counts them.
///
/// @param seconds since the beginning of the watch
/// @param rss     bytes
/// @param handles open files, pipes and sockets
public record Footprint(double seconds, long rss, long handles) {
    private static final Path PROC = Path.of("/proc");

    /// @throws UserException where the system does not tell
    static void require() {
        if (!Files.isReadable(PROC.resolve("self/statm"))) {
            throw new UserException("--minutes needs /proc, which only Linux has");
        }
    }

    /// Now.
    static Footprint of(ProcessHandle self, double seconds) {
        long rss = 0;
        long handles = 0;
        for (ProcessHandle process : (Iterable<ProcessHandle>) Stream.concat(Stream.of(self),
                self.descendants())::iterator) {
            Path status = PROC.resolve(String.valueOf(process.pid()));
            try {
                rss += rss(status);
                handles += handles(status);
            } catch (NoSuchFileException e) {
                continue; // it has just ended
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new Footprint(seconds, rss, handles);
    }

    private static long rss(Path status) throws IOException {
        String line = Files.readAllLines(status.resolve("status")).stream().filter(l -> l.startsWith("VmRSS:"))
                .findFirst().orElse("0 kB");
        return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
    }

    private static long handles(Path status) throws IOException {
        try (Stream<Path> open = Files.list(status.resolve("fd"))) {
            return open.count();
        }
    }
}
