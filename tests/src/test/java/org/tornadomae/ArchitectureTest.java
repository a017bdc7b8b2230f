package org.tornadomae;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The plan of the house: which room may know which, and how large rooms and files may grow. Bans on imports that
/// concern libraries stand in the parent POM.
class ArchitectureTest {
    private static final List<String> MODULES = List.of("tornado-kernels", "nn", "video", "mae", "bench", "tests");
    private static final int FILES_PER_PACKAGE = 25;
    private static final int LINES_PER_FILE = 350;
    private static final int COLUMNS = 120;
    /// Of the modules, not of the tests.
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("jmh_generated")) // what JMH writes around the benchmarks
            .importPackages("org.tornadomae");

    /// A circle is printed as the packages it runs through, each with a few lines of code that lead to the next.
    @Test
    void packagesHaveNoCircles() {
        assertFalse(CLASSES.isEmpty());
        slices().matching("org.tornadomae.(**)").namingSlices("$1").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void modulesKnowOnlyWhatIsBelowThem() {
        layeredArchitecture().consideringOnlyDependenciesInAnyPackage("org.tornadomae..")
                .layer("kernels").definedBy("org.tornadomae.kernels..")
                .layer("nn").definedBy("org.tornadomae.nn..")
                .layer("video").definedBy("org.tornadomae.video..")
                .layer("mae").definedBy("org.tornadomae.mae..")
                .layer("bench").definedBy("org.tornadomae.bench..")
                .whereLayer("kernels").mayNotAccessAnyLayer()
                .whereLayer("nn").mayOnlyAccessLayers("kernels")
                .whereLayer("video").mayNotAccessAnyLayer()
                .whereLayer("mae").mayOnlyAccessLayers("kernels", "nn", "video")
                .whereLayer("bench").mayOnlyAccessLayers("kernels", "nn", "video", "mae")
                .ensureAllClassesAreContainedInArchitecture()
                .check(CLASSES);
    }

    @Test
    void packagesStaySmallEnoughToKnow() {
        Map<String, Long> sizes = sources().stream().filter(file -> !file.endsWith("package-info.java"))
                .collect(Collectors.groupingBy(file -> file.getParent().toString(), TreeMap::new,
                        Collectors.counting()));
        sizes.values().removeIf(count -> count <= FILES_PER_PACKAGE);
        assertEquals(Map.of(), sizes,
                "packages with more than " + FILES_PER_PACKAGE + " files: look for the missing room");
    }

    @Test
    void filesStayShortEnoughToRead() {
        Map<Path, Integer> lengths = new TreeMap<>();
        sources().forEach(file -> lengths.put(file, lines(file).size()));
        lengths.values().removeIf(count -> count <= LINES_PER_FILE);
        assertEquals(Map.of(), lengths, "files with more than " + LINES_PER_FILE + " lines: look for the missing idea");
    }

    /// The formatter breaks code, but not comments, strings and text blocks.
    @Test
    void linesFitTheScreen() {
        List<String> wide = sources().stream().flatMap(ArchitectureTest::wideLines).toList();
        assertEquals(List.of(), wide, "lines with more than " + COLUMNS + " columns");
    }

    private static Stream<String> wideLines(Path file) {
        List<String> lines = lines(file);
        return Stream.iterate(0, i -> i < lines.size(), i -> i + 1)
                .filter(i -> lines.get(i).codePointCount(0, lines.get(i).length()) > COLUMNS)
                .map(i -> file + ":" + (i + 1));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> sources() {
        List<Path> files = MODULES.stream().map(module -> Path.of("..", module, "src"))
                .flatMap(ArchitectureTest::javaFiles).toList();
        assertTrue(files.size() > MODULES.size(), "the tests run in a folder beside the modules: " + files);
        return files;
    }

    private static Stream<Path> javaFiles(Path root) {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
