package org.tornadomae.nn.mpi;

import java.lang.foreign.SymbolLookup;
import org.tornadomae.nn.UserException;

/// What an MPI library's `mpi.h` fixes at compile time, and what a caller without a compiler must know. Handles are
/// carried as `long`.
///
/// @param name         the family
/// @param intHandles   whether C passes a handle as an int, else as a pointer
/// @param world        MPI_COMM_WORLD
/// @param bytes        MPI_BYTE
/// @param errorsReturn MPI_ERRORS_RETURN
/// @param infoNull     MPI_INFO_NULL
/// @param inPlace      MPI_IN_PLACE
/// @param shared       MPI_COMM_TYPE_SHARED
/// @param funneled     MPI_THREAD_FUNNELED
record Abi(String name, boolean intHandles, long world, long bytes, long errorsReturn, long infoNull, long inPlace,
        int shared, int funneled) {

    /// MPICH and what shares its ABI: Intel MPI, MVAPICH, Cray MPICH (mpi.h of MPICH 4.0.2).
    private static final Abi MPICH = new Abi("MPICH", true, 0x44000000, 0x4c00010d, 0x54000001, 0x1c000000, -1, 1, 1);

    /// The standard ABI of MPI 5.0, section 20 and appendix A; Open MPI 6 and MPICH 5 bring it as `libmpi_abi`.
    /// Untested: the values are read from the standard, no such library was at hand.
    private static final Abi STANDARD = new Abi("MPI ABI", false, 0x101, 0x247, 0x142, 0x130, 1, 221, 1024);

    /// The ABI of a library.
    ///
    /// @param file    its soname or path
    /// @param version what MPI_Get_library_version says
    /// @throws UserException for a library that is neither
    static Abi of(String file, SymbolLookup symbols, String version) {
        if (file.contains("mpi_abi")) {
            return STANDARD;
        }
        if (symbols.find("ompi_mpi_comm_world").isPresent()) {
            return openMpi(symbols);
        }
        if (version.contains("MPICH") || version.contains("Intel") || version.contains("MVAPICH")) {
            return MPICH;
        }
        throw new UserException(file + ": neither Open MPI nor MPICH nor a relative of theirs ("
                + version + "); name another with --mpi LIBRARY");
    }

    /// Open MPI's handles are addresses of symbols (mpi.h of Open MPI 4.1.4).
    private static Abi openMpi(SymbolLookup symbols) {
        return new Abi("Open MPI", false, address(symbols, "ompi_mpi_comm_world"), address(symbols, "ompi_mpi_byte"),
                address(symbols, "ompi_mpi_errors_return"), address(symbols, "ompi_mpi_info_null"), 1, 0, 1);
    }

    private static long address(SymbolLookup symbols, String name) {
        return symbols.findOrThrow(name).address();
    }
}
