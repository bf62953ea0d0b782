package dev.parley.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The project under test: its compiled classes, its source files, and the fixtures that break its rules. */
final class Parley {
    private static final ImportOption NOT_THESE_TESTS = location -> !location.contains("/architecture-tests/target/");
    /** Main classes of every module, from whatever the build put on the class path: a folder or a jar. */
    static final JavaClasses CLASSES = new ClassFileImporter().withImportOption(NOT_THESE_TESTS).importPackages("dev.parley");

    private Parley() {}

    /** Holds the rule against the project, then proves that it can fail: each fixture must be among its violations. */
    static void holds(ArchRule rule, Class<?>... fixtures) {
        assertThat(fixtures).as("fixtures that break the rule").isNotEmpty();
        for (var fixture : fixtures) {
            var result = rule.evaluate(new ClassFileImporter().importClasses(fixture));
            assertThat(result.getFailureReport().getDetails())
                    .as("violations of <%s> in its fixture %s", rule.getDescription(), fixture.getName())
                    .anyMatch(violation -> violation.contains(fixture.getName()));
        }
        rule.check(CLASSES);
    }

    static Path folder() {
        return Path.of(System.getProperty("basedir", ".")).toAbsolutePath().normalize().getParent();
    }

    /** Folders with a build file, by their path. */
    static List<String> modules() {
        try (var own = Files.list(folder()); var clients = Files.list(folder().resolve("clients"))) {
            return Stream.concat(own, clients)
                    .filter(entry -> Files.exists(entry.resolve("pom.xml")))
                    .map(entry -> folder().relativize(entry).toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Java files under a folder, none if the folder does not exist. */
    static List<Path> javaFiles(Path under) {
        if (Files.notExists(under))
            return List.of();
        try (Stream<Path> files = Files.walk(under)) {
            return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
