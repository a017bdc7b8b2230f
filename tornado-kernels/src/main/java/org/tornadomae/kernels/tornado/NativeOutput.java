package org.tornadomae.kernels.tornado;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.tornadomae.kernels.BackendException;

/// Reads what native code prints to standard output, because TornadoVM reports a failed OpenCL or CUDA call only there
/// ("`[TornadoVM-OCL-JNI]` ERROR : clEnqueueNDRangeKernel -> Returned: -54") and goes on with the old contents of the
/// arrays.
///
/// During [#watch] file descriptor 1 is a file; what others printed meanwhile is passed on afterwards. It needs POSIX
/// `dup2`: on Windows nothing is seen and only the start-up self-check stands between a failed launch and the results.
final class NativeOutput {
    private static final int STDOUT = 1;
    private static final int OWNER_ONLY = 0600;
    private static final String ERROR = "-JNI] ERROR";

    private final MethodHandle dup2;
    private final int saved;
    private final int file;
    private final RandomAccessFile reader;

    private NativeOutput(MethodHandle dup2, int saved, int file, RandomAccessFile reader) {
        this.dup2 = dup2;
        this.saved = saved;
        this.file = file;
        this.reader = reader;
    }

    /// A watcher, which is blind where the system has no `dup2`.
    static NativeOutput open() {
        Linker linker = Linker.nativeLinker();
        if (linker.defaultLookup().find("dup2").isEmpty() || linker.defaultLookup().find("creat").isEmpty()) {
            return new NativeOutput(null, 0, 0, null);
        }
        try (Arena arena = Arena.ofConfined()) {
            Path path = Files.createTempFile("tornado-mae-native", ".txt");
            path.toFile().deleteOnExit();
            ValueLayout.OfInt number = ValueLayout.JAVA_INT;
            MethodHandle dup2 = function(linker, "dup2", FunctionDescriptor.of(number, number, number));
            MethodHandle dup = function(linker, "dup", FunctionDescriptor.of(number, number));
            MethodHandle creat = function(linker, "creat", FunctionDescriptor.of(number, ValueLayout.ADDRESS, number));
            int saved = (int) dup.invokeExact(STDOUT);
            int file = (int) creat.invokeExact(arena.allocateFrom(path.toString()), OWNER_ONLY);
            return new NativeOutput(dup2, saved, file, new RandomAccessFile(path.toFile(), "r"));
        } catch (Throwable e) {
            throw new IllegalStateException("cannot watch native output", e);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(Linker linker, String name, FunctionDescriptor descriptor) {
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
    }

    /// Runs something that calls native code.
    ///
    /// @throws BackendException when the native code printed an error
    synchronized void watch(Runnable action) {
        if (dup2 == null) {
            action.run();
            return;
        }
        redirect(file);
        Optional<String> error;
        try {
            action.run();
        } finally {
            redirect(saved);
            error = passOn();
        }
        error.ifPresent(line -> {
            throw new BackendException("the device's driver reported an error: " + line.strip());
        });
    }

    private void redirect(int descriptor) {
        try {
            int ignored = (int) dup2.invokeExact(descriptor, STDOUT);
        } catch (Throwable e) {
            throw new IllegalStateException("dup2 failed", e);
        }
    }

    /// Prints what was held back, but for errors, and returns the first of those.
    private Optional<String> passOn() {
        try {
            byte[] printed = new byte[(int) (reader.length() - reader.getFilePointer())];
            reader.readFully(printed);
            Map<Boolean, List<String>> lines = new String(printed, StandardCharsets.UTF_8).lines()
                    .collect(Collectors.partitioningBy(line -> line.contains(ERROR)));
            for (String line : lines.get(false)) {
                new FileOutputStream(FileDescriptor.out).write((line + "\n").getBytes(StandardCharsets.UTF_8));
            }
            return lines.get(true).stream().findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
