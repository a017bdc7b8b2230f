package org.tornadomae.kernels.tornado;

import java.util.stream.Collectors;
import org.tornadomae.kernels.BackendException;

/// Turns TornadoVM's exceptions, which carry colours and whole stack traces in their messages, into one line.
final class TornadoFailure {
    private TornadoFailure() {}

    /// @param e what TornadoVM threw: its compiler also throws errors; those of the JVM itself are passed on as they
    ///          are
    static BackendException of(String what, Throwable e) {
        if (e instanceof VirtualMachineError error) {
            throw error;
        }
        Throwable telling = e;
        while (telling.getMessage() == null && telling.getCause() != null) {
            telling = telling.getCause();
        }
        String message = telling.getMessage() == null ? telling.toString() : telling.getMessage();
        String line = message.replaceAll("\u001b\\[[0-9;]*m", "").lines()
                .takeWhile(text -> !text.startsWith("Stacktrace"))
                .map(String::strip).filter(text -> !text.isEmpty())
                .collect(Collectors.joining("; "));
        return new BackendException("TornadoVM " + what + ": " + line, e);
    }
}
