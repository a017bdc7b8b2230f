package org.tornadomae.mae.cli;

import java.util.concurrent.Callable;

/// A command of `bin/mae` from a module that this one does not know; [MaeCli] finds it through
/// [java.util.ServiceLoader].
///
/// The class carries picocli's `@Command` with its name.
public interface MaeCommand extends Callable<Integer> {
}
