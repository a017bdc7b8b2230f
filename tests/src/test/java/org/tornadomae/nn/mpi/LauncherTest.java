package org.tornadomae.nn.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.tornadomae.nn.UserException;
import org.tornadomae.nn.mpi.Launcher.Kind;

/// What environments mean, and which starts are refused before a library is loaded.
class LauncherTest {
    private static final OptionalInt ANY = OptionalInt.empty();

    private static String refusal(Launcher launcher, String mpi, OptionalInt ranks) {
        return assertThrows(UserException.class, () -> launcher.wantsMpi(MpiChoice.of(mpi), ranks)).getMessage();
    }

    @Test
    void readsTheNamesOfEachLauncher() {
        assertEquals(new Launcher(Kind.NONE, 1, 0, 0), Launcher.of(Map.of()));
        assertEquals(new Launcher(Kind.OPEN_MPI, 4, 3, 1), Launcher.of(Map.of("OMPI_COMM_WORLD_SIZE", "4",
                "OMPI_COMM_WORLD_RANK", "3", "OMPI_COMM_WORLD_LOCAL_RANK", "1", "PMIX_RANK", "3")));
        assertEquals(new Launcher(Kind.PMI, 4, 2, 1), Launcher.of(Map.of("PMI_SIZE", "4", "PMI_RANK", "2",
                "MPI_LOCALRANKID", "1")));
        assertEquals(new Launcher(Kind.PMIX, 8, 5, 2), Launcher.of(Map.of("PMIX_RANK", "5", "SLURM_PROCID", "5",
                "SLURM_STEP_NUM_TASKS", "8", "SLURM_LOCALID", "2")));
        assertEquals(new Launcher(Kind.PMIX, 0, 5, 0), Launcher.of(Map.of("PMIX_RANK", "5")));
        // Open MPI's helpers on other machines are started by srun, one task each
        assertEquals(4, Launcher.of(Map.of("OMPI_COMM_WORLD_SIZE", "4", "SLURM_STEP_NUM_TASKS", "2")).size());
    }

    @Test
    void aBatchScriptThatStartsOneProcessIsAlone() {
        Launcher launcher = Launcher.of(Map.of("SLURM_NTASKS", "4", "SLURM_PROCID", "0", "SLURM_LOCALID", "0"));
        assertFalse(launcher.wantsMpi(MpiChoice.AUTO, ANY));
        assertTrue(refusal(launcher, "auto", OptionalInt.of(4))
                .startsWith("--ranks 4, but this process was started alone"));
    }

    @Test
    void srunWithoutPmiIsRefused() {
        Launcher launcher = Launcher.of(Map.of("SLURM_STEP_NUM_TASKS", "4", "SLURM_PROCID", "2", "SLURM_LOCALID", "2"));
        assertTrue(refusal(launcher, "auto", ANY).startsWith("srun started 4 tasks without PMI"));
        assertFalse(launcher.speaks());
    }

    @Test
    void wantsMpiWhereALauncherOrALibraryIsNamed() {
        Launcher four = new Launcher(Kind.PMI, 4, 0, 0);
        Launcher none = new Launcher(Kind.NONE, 1, 0, 0);
        assertTrue(four.wantsMpi(MpiChoice.AUTO, OptionalInt.of(4)));
        assertTrue(none.wantsMpi(MpiChoice.of("libmpi.so.40"), ANY));
        assertFalse(none.wantsMpi(MpiChoice.OFF, OptionalInt.of(1)));
        assertTrue(refusal(four, "off", ANY).startsWith("--mpi off, but an mpirun"));
        assertTrue(refusal(four, "auto", OptionalInt.of(2)).startsWith("--ranks 2, but an mpirun"));
    }

    @Test
    void aLibraryThatSeesOthersThanTheLauncherStartedIsRefused() {
        Launcher four = new Launcher(Kind.OPEN_MPI, 4, 1, 1);
        four.requireSize(4, ANY, "lib");
        assertThrows(UserException.class, () -> four.requireSize(1, ANY, "lib"));
        Launcher unknown = new Launcher(Kind.PMIX, 0, 1, 1);
        unknown.requireSize(3, ANY, "lib");
        assertThrows(UserException.class, () -> unknown.requireSize(1, OptionalInt.of(3), "lib"));
    }

    @Test
    void namesOfLibraries() {
        assertEquals("/opt/libmpi.so", MpiChoice.of(" /opt/libmpi.so ").toString());
        assertThrows(UserException.class, () -> MpiChoice.of(" "));
    }

    @Test
    void aLibraryThatIsNotThereIsOneLine() {
        UserException e = assertThrows(UserException.class, () -> MpiLibrary.load(List.of("libno-such-mpi.so.9")));
        assertTrue(e.getMessage().startsWith("no MPI library found (looked for libno-such-mpi.so.9)"), e.getMessage());
    }
}
