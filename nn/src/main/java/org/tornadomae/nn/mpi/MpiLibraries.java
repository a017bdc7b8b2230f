package org.tornadomae.nn.mpi;

import java.util.List;
import java.util.stream.Stream;

/// What libraries are called. The loader looks for these names where LD_LIBRARY_PATH and the system say.
enum MpiLibraries {
    OPEN_MPI("libmpi.so.40", "libmpi.40.dylib"),
    /// Debian's name is the first; libmpi.so.12 is the one that MPICH, Intel MPI and MVAPICH agreed on.
    MPICH("libmpich.so.12", "libmpi.so.12", "libmpi_cray.so.12", "libmpi.12.dylib"),
    /// The ABI of MPI 5.
    STANDARD("libmpi_abi.so.0", "libmpi_abi.0.dylib");

    private final List<String> names;

    MpiLibraries(String... names) {
        this.names = List.of(names);
    }

    /// Names to try in turn.
    static List<String> candidates(MpiChoice choice, Launcher.Kind launcher) {
        if (choice.kind() == MpiChoice.Kind.LIBRARY) {
            return List.of(choice.library());
        }
        Stream<MpiLibraries> families = switch (launcher) {
            case OPEN_MPI -> Stream.of(OPEN_MPI, STANDARD);
            case PMI -> Stream.of(MPICH, OPEN_MPI, STANDARD); // Open MPI up to 4 can speak PMI, under srun
            default -> Stream.of(OPEN_MPI, MPICH, STANDARD);
        };
        boolean mac = System.getProperty("os.name").startsWith("Mac");
        return families.flatMap(family -> family.names.stream())
                .filter(name -> name.endsWith(".dylib") == mac).toList();
    }
}
