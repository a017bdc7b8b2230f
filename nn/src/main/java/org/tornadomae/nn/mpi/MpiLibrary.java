package org.tornadomae.nn.mpi;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.tornadomae.nn.UserException;

/// An MPI library in this process: loaded once, never unloaded.
///
/// Every call is an ordinary one. A critical downcall would take Java's arrays as they are, but a rank that waits in it
/// for a late one stops every other thread at the next garbage collection (measured: 3 s of waiting, 3 s of
/// standstill).
@SuppressWarnings("restricted") // the JVM is started with --enable-native-access
final class MpiLibrary {
    /// Longest string that any of the libraries writes (MPI_MAX_LIBRARY_VERSION_STRING of MPICH and of the standard
    /// ABI).
    private static final int STRING_BYTES = 8192;

    private final String file;
    private final String version;
    private final Abi abi;
    private final Map<MpiFunction, MethodHandle> handles = new EnumMap<>(MpiFunction.class);

    private MpiLibrary(String file, SymbolLookup symbols) {
        this.file = file;
        this.version = version(symbols);
        this.abi = Abi.of(file, symbols, version);
        for (MpiFunction function : MpiFunction.values()) {
            handles.put(function, bind(symbols, function));
        }
    }

    /// Loads the first library that is there.
    ///
    /// @param candidates sonames or paths in order of preference
    /// @throws UserException when none is
    static MpiLibrary load(List<String> candidates) {
        keepSignalsOfTheJvm();
        for (String candidate : candidates) {
            SymbolLookup symbols;
            try {
                symbols = SymbolLookup.libraryLookup(candidate, Arena.global());
            } catch (IllegalArgumentException e) {
                continue; // not installed, or not where the loader looks
            }
            if (symbols.find("MPI_Get_library_version").isPresent()) {
                return new MpiLibrary(candidate, symbols);
            }
        }
        throw new UserException("no MPI library found (looked for " + String.join(", ", candidates)
                + "): load the cluster's MPI module, set LD_LIBRARY_PATH, or name the file with --mpi LIBRARY");
    }

    /// UCX, which MPICH and Open MPI use on InfiniBand, takes over SIGSEGV and its like when it is loaded. The JVM
    /// needs them for safepoints and dies without; older PSM does the same. They read the C environment, which Java
    /// cannot change.
    private static void keepSignalsOfTheJvm() {
        Linker linker = Linker.nativeLinker();
        MemorySegment address = linker.defaultLookup().find("setenv")
                .orElseThrow(() -> new UserException("MPI is supported on Linux and macOS; use --mpi off here"));
        MethodHandle setenv = linker.downcallHandle(address,
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS,
                        ValueLayout.JAVA_INT))
                .asSpreader(Object[].class, 3);
        try (Arena arena = Arena.ofConfined()) {
            Map.of("UCX_ERROR_SIGNALS", "", "IPATH_NO_BACKTRACE", "1", "HFI_NO_BACKTRACE", "1")
                    .forEach((name, value) -> invoke(setenv, arena.allocateFrom(name), arena.allocateFrom(value), 1));
        }
    }

    private static String version(SymbolLookup symbols) {
        MethodHandle get = Linker.nativeLinker().downcallHandle(symbols.findOrThrow("MPI_Get_library_version"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS))
                .asSpreader(Object[].class, 2);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(STRING_BYTES);
            invoke(get, text, arena.allocate(ValueLayout.JAVA_INT));
            return text.getString(0).strip();
        }
    }

    /// A function that takes its arguments as an array, handles as long whatever C passes.
    private MethodHandle bind(SymbolLookup symbols, MpiFunction function) {
        int n = function.arguments.length();
        MemoryLayout[] layouts = new MemoryLayout[n];
        MethodType type = MethodType.methodType(int.class);
        for (int i = 0; i < n; i++) {
            char c = function.arguments.charAt(i);
            layouts[i] = switch (c) {
                case 'h' -> abi.intHandles() ? ValueLayout.JAVA_INT : ValueLayout.JAVA_LONG;
                case 'i' -> ValueLayout.JAVA_INT;
                default -> ValueLayout.ADDRESS;
            };
            type = type.appendParameterTypes(c == 'h' ? long.class : c == 'i' ? int.class : MemorySegment.class);
        }
        MemorySegment address = symbols.find(function.symbol)
                .orElseThrow(() -> new UserException(
                        file + ": has no " + function.symbol + "; MPI 3 or newer is needed"));
        MethodHandle handle = Linker.nativeLinker().downcallHandle(address,
                FunctionDescriptor.of(ValueLayout.JAVA_INT, layouts));
        return MethodHandles.explicitCastArguments(handle, type).asSpreader(Object[].class, n);
    }

    private static int invoke(MethodHandle handle, Object... arguments) {
        try {
            return (int) handle.invokeExact(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException(e); // a downcall throws nothing of its own: a bug in this class
        }
    }

    /// Calls a function of the library.
    ///
    /// @throws UserException with the library's words when it returns an error
    void call(MpiFunction function, Object... arguments) {
        int error = invoke(handles.get(function), arguments);
        if (error != 0) {
            throw new UserException(function.symbol + " failed: " + errorText(error) + " (" + name() + ")");
        }
    }

    private String errorText(int error) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(STRING_BYTES);
            invoke(handles.get(MpiFunction.ERROR_STRING), error, text, arena.allocate(ValueLayout.JAVA_INT));
            return text.getString(0).strip();
        }
    }

    /// A function of a communicator with one int as its result.
    int ask(MpiFunction function, long communicator) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment answer = arena.allocate(ValueLayout.JAVA_INT);
            call(function, communicator, answer);
            return answer.get(ValueLayout.JAVA_INT, 0);
        }
    }

    /// Starts MPI. From here on only the calling thread may call.
    void init() {
        try (Arena arena = Arena.ofConfined()) {
            call(MpiFunction.INIT_THREAD, MemorySegment.NULL, MemorySegment.NULL, abi.funneled(),
                    arena.allocate(ValueLayout.JAVA_INT));
        }
        call(MpiFunction.COMM_SET_ERRHANDLER, abi.world(), abi.errorsReturn());
    }

    /// How many ranks share this machine's memory.
    int localSize() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment local = arena.allocate(ValueLayout.JAVA_LONG);
            call(MpiFunction.COMM_SPLIT_TYPE, abi.world(), abi.shared(), 0, abi.infoNull(), local);
            long handle = abi.intHandles() ? local.get(ValueLayout.JAVA_INT, 0) : local.get(ValueLayout.JAVA_LONG, 0);
            return ask(MpiFunction.COMM_SIZE, handle);
        }
    }

    Abi abi() {
        return abi;
    }

    /// File and version, as messages name it.
    String name() {
        return file + " (" + version.lines().findFirst().orElse("").split(",")[0].replaceAll("\\s+", " ") + ")";
    }
}
