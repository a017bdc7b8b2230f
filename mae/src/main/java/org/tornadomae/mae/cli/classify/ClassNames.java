package org.tornadomae.mae.cli.classify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.tornadomae.mae.classify.Backbone;
import org.tornadomae.nn.UserException;
import org.tornadomae.video.source.VideoList;

/// What the classes are called.
final class ClassNames {
    private static final String BESIDE = "classes.txt";

    private ClassNames() {}

    /// @param file   with a name a line; null for `classes.txt` beside the list, or else numbers
    /// @param videos with labels
    /// @return at least two names
    static List<String> of(Path file, VideoList videos) {
        Path names = file == null ? beside(videos.source()) : file;
        List<String> classes;
        if (names == null) {
            int highest = IntStream.range(0, videos.size()).map(videos::label).max().orElseThrow();
            if (highest < 0) {
                throw new UserException(videos.source()
                        + ": its videos have no labels; give a csv list with 'path label' on"
                        + " each line");
            }
            classes = Backbone.numbered(highest + 1);
        } else {
            classes = read(names);
        }
        if (classes.size() < 2) {
            throw new UserException((names == null ? videos.source() : names) + ": one class is nothing to tell apart");
        }
        return classes;
    }

    private static Path beside(String list) {
        try {
            Path names = Path.of(list).resolveSibling(BESIDE);
            return Files.isRegularFile(Path.of(list)) && Files.isRegularFile(names) ? names : null;
        } catch (InvalidPathException e) {
            return null; // several paths with commas between them
        }
    }

    private static List<String> read(Path file) {
        try {
            return Files.readAllLines(file).stream().map(String::strip).filter(line -> !line.isEmpty()).toList();
        } catch (IOException e) {
            throw new UserException(file + ": cannot be read (" + e.getClass().getSimpleName()
                    + "): a name of a class on each"
                    + " line", e);
        }
    }
}
