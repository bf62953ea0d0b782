package dev.parley.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** What the source tree promises: one home per package, files that can be read in one sitting, no module without a row. */
class SourcesTest {
    private static final int LINES_THAT_DESERVE_A_LOOK = 400;
    private static final int MOST_LINES = 500;
    /** Folders that hold what others wrote, or what the build made. */
    private static final Set<String> FOREIGN = Set.of("node_modules", "target", ".git");
    /** Modules without classes that others could import. */
    private static final Set<String> WITHOUT_A_ROW =
            Set.of("architecture-tests", "benchmarks", "bom", "integration-tests", "web");

    @Test
    void every_module_has_a_row_in_the_table() {
        var known = new TreeSet<>(WITHOUT_A_ROW);
        Arrays.stream(Room.values()).map(Room::module).forEach(known::add);
        assertThat(Parley.modules()).containsExactlyElementsOf(known);
    }

    @Test
    void no_package_lives_in_two_modules() {
        assertThat(shared(packages(Parley.folder(), Parley.modules()))).isEmpty();
    }

    @Test
    void a_package_in_two_modules_is_found(@TempDir Path project) throws IOException {
        write(project.resolve("one/src/main/java/a/b/First.java"), 1);
        write(project.resolve("two/src/main/java/a/b/Second.java"), 1);
        write(project.resolve("two/src/main/java/a/Third.java"), 1);

        assertThat(shared(packages(project, List.of("one", "two")))).containsExactly("a/b in [one, two]");
    }

    @Test
    void no_source_file_is_longer_than_its_budget(TestReporter reporter) throws IOException {
        longerThan(LINES_THAT_DESERVE_A_LOOK, mainFiles()).forEach(file -> reporter.publishEntry("long file", file));

        assertThat(longerThan(MOST_LINES, mainFiles())).isEmpty();
    }

    @Test
    void a_file_over_budget_is_found(@TempDir Path folder) throws IOException {
        var within = write(folder.resolve("Within.java"), MOST_LINES);
        var over = write(folder.resolve("Over.java"), MOST_LINES + 1);

        assertThat(longerThan(MOST_LINES, List.of(within, over))).singleElement().asString().contains("Over.java");
    }

    @Test
    void no_lock_file_names_the_host_of_a_registry() throws IOException {
        assertThat(hostsIn(lockFiles(Parley.folder()))).isEmpty();
    }

    @Test
    void a_lock_file_with_a_host_is_found(@TempDir Path project) throws IOException {
        var lock = project.resolve("client/package-lock.json");
        Files.createDirectories(lock.getParent());
        Files.writeString(lock, "{\"resolved\": \"https://registry.example/ws.tgz\"}");

        assertThat(hostsIn(lockFiles(project))).containsExactly(lock);
    }

    private static List<Path> lockFiles(Path project) throws IOException {
        var found = new ArrayList<Path>();
        Files.walkFileTree(project, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return FOREIGN.contains(folder.getFileName().toString()) ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.getFileName().toString().equals("package-lock.json"))
                    found.add(file);
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }

    private static List<Path> hostsIn(List<Path> lockFiles) throws IOException {
        var found = new ArrayList<Path>();
        for (var file : lockFiles) {
            if (Files.readString(file).contains("\"resolved\": \"http"))
                found.add(file);
        }
        return found;
    }

    private static List<Path> mainFiles() {
        var files =
                Parley.modules().stream().flatMap(module -> Parley.javaFiles(sources(Parley.folder(), module)).stream()).toList();
        assertThat(files).isNotEmpty();
        return files;
    }

    private static List<String> longerThan(int lines, Collection<Path> files) throws IOException {
        var found = new ArrayList<String>();
        for (var file : files) {
            try (var content = Files.lines(file)) {
                var count = content.count();
                if (count > lines)
                    found.add("%s: %d lines, at most %d are wanted".formatted(file, count, lines));
            }
        }
        return found;
    }

    private static Map<String, Set<String>> packages(Path project, Collection<String> modules) {
        var homes = new TreeMap<String, Set<String>>();
        for (var module : modules) {
            var sources = sources(project, module);
            for (var file : Parley.javaFiles(sources)) {
                if (!file.getParent().equals(sources))
                    homes.computeIfAbsent(sources.relativize(file.getParent()).toString(), name -> new TreeSet<>()).add(module);
            }
        }
        return homes;
    }

    private static List<String> shared(Map<String, Set<String>> packages) {
        assertThat(packages).isNotEmpty();
        return packages.entrySet()
                .stream()
                .filter(home -> home.getValue().size() > 1)
                .map(home -> home.getKey() + " in " + home.getValue())
                .toList();
    }

    private static Path sources(Path project, String module) {
        return project.resolve(module).resolve("src/main/java");
    }

    private static Path write(Path file, int lines) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "// line\n".repeat(lines));
    }
}
