package org.tornadomae.video.codec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.tornadomae.video.VideoException;

/// Where JavaCPP unpacks FFmpeg's libraries. Left alone it does not end where it can write to none of its folders.
final class LibraryFolder {

    static final String PROPERTY = "org.bytedeco.javacpp.cachedir";

    private LibraryFolder() {}

    /// Makes JavaCPP use the first writable one of: the folder it was given, or else the one in the user's home and
    /// the one for temporary files.
    ///
    /// @return that folder
    /// @throws VideoException when none can be written to
    static String choose() {
        String given = System.getProperty(PROPERTY);
        String user = System.getProperty("user.name", "");
        List<String> tried = given != null
                ? List.of(given)
                : List.of(System.getProperty("user.home", "") + "/.javacpp/cache",
                        System.getProperty("java.io.tmpdir", "") + "/.javacpp-" + user + "/cache");
        String folder = tried.stream().filter(LibraryFolder::writable).findFirst()
                .orElseThrow(() -> new VideoException(
                        "no folder for FFmpeg's libraries can be written to (" + String.join(", ", tried)
                                + "); give one: MAE_JAVA_OPTS=-D" + PROPERTY + "=FOLDER"));
        System.setProperty(PROPERTY, folder);
        return folder;
    }

    private static boolean writable(String folder) {
        try {
            Files.delete(Files.createTempFile(Files.createDirectories(Path.of(folder)), "writable", null));
            return true;
        } catch (IOException | InvalidPathException e) {
            return false;
        }
    }
}
