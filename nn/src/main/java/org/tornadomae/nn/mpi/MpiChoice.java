package org.tornadomae.nn.mpi;

import java.util.Locale;
import org.tornadomae.nn.UserException;

/// Which MPI a run uses: the one of the launcher, none, or a library by name.
///
/// @param kind    how it is chosen
/// @param library soname or path for [Kind#LIBRARY], else empty
public record MpiChoice(Kind kind, String library) {
    /// What `--mpi auto`, the default, means: MPI where a launcher started more than this process, else none.
    public static final MpiChoice AUTO = new MpiChoice(Kind.AUTO, "");
    /// `--mpi off`.
    public static final MpiChoice OFF = new MpiChoice(Kind.OFF, "");

    /// How the library is chosen.
    public enum Kind { AUTO, OFF, LIBRARY }

    /// @param text `auto`, `off`, or a library's soname or path
    /// @throws UserException for an empty text
    public static MpiChoice of(String text) {
        return switch (text.strip()) {
            case "" -> throw new UserException(
                    "--mpi needs auto, off, or the name or path of an MPI library (libmpi.so.40)");
            case "auto" -> AUTO;
            case "off" -> OFF;
            default -> new MpiChoice(Kind.LIBRARY, text.strip());
        };
    }

    @Override
    public String toString() {
        return kind == Kind.LIBRARY ? library : kind.name().toLowerCase(Locale.ROOT);
    }
}
