package dev.parley.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that runs the server, where there is a shell. */
class ScriptTest {

    private static final Path SCRIPT = Path.of("..", "parley").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    private record Ended(int code, String output) {}

    @BeforeEach
    void needs_a_shell() {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "there is no /bin/sh");
    }

    @Test
    void it_is_a_script_that_any_posix_shell_can_read() throws Exception {
        assertThat(run(folder, "/bin/sh", "-n", SCRIPT.toString()).code()).isZero();
        assertThat(SCRIPT).isExecutable();
    }

    @Test
    void it_finds_its_home_through_links_and_says_what_is_missing_there() throws Exception {
        Path home = Files.createDirectories(folder.resolve("a home"));
        Files.copy(SCRIPT, home.resolve("parley"));
        Files.createDirectories(folder.resolve("bin"));
        Files.createSymbolicLink(folder.resolve("bin/one"), Path.of("../a home/parley"));
        Files.createSymbolicLink(folder.resolve("two"), folder.resolve("bin/one"));

        Ended ended = run(folder, "/bin/sh", folder.resolve("two").toString(), "serve");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.output()).contains("sources beside this script").contains(home.toRealPath().toString());
    }

    @Test
    void it_runs_what_is_built_with_the_options_and_arguments_it_is_given() throws Exception {
        Path home = installed();

        Ended ended = run(folder, "/bin/sh", home.resolve("parley").toString(), "token", "--name", "Ann Lee");

        assertThat(ended.code()).as("the server's own exit code").isEqualTo(42);
        assertThat(ended.output()).contains("[-Xmx64m][-Done=1][-jar]").endsWith("[token][--name][Ann Lee]");
    }

    @Test
    void whoever_runs_it_needs_no_home() throws Exception {
        Path home = installed();
        Ended ended = run(folder, "/usr/bin/env", "-u", "HOME", "/bin/sh", home.resolve("parley").toString(), "health");
        assertThat(ended.code()).isEqualTo(42);
        assertThat(ended.output()).startsWith("[").endsWith("[health]");
    }

    @Test
    void it_builds_once_and_starts_with_what_the_first_start_noted() throws Exception {
        Path home = sources();

        Ended first = run(folder, "/bin/sh", home.resolve("parley").toString(), "serve");
        Ended second = run(folder, "/bin/sh", home.resolve("parley").toString(), "serve");

        Path cache = home.toRealPath().resolve("server/target/parley/start-25.aot");
        assertThat(first.output()).contains("building").endsWith("[serve]");
        assertThat(cache).hasContent("noted");
        assertThat(second.output()).doesNotContain("building").contains("[-XX:AOTCache=" + cache + "]").endsWith("[serve]");
        String noting = Files.readString(folder.resolve("java/noting"));
        assertThat(noting).contains("[-XX:-AOTRecordTraining]").contains("[--port][0]");
        // What is noted with other objects cannot be used.
        assertThat(noting).contains("[-XX:+UseCompactObjectHeaders]");
        assertThat(second.output()).contains("[-XX:+UseCompactObjectHeaders]");
        assertThat(home.resolve("server/target/parley/first-start")).doesNotExist();
        assertThat(home.resolve("server/target/building")).doesNotExist();
    }

    @Test
    void a_first_start_that_fails_notes_nothing_and_hinders_nobody() throws Exception {
        Path home = sources();
        Files.writeString(folder.resolve("java/fails"), "");

        Ended ended = run(folder, "/bin/sh", home.resolve("parley").toString(), "serve");

        assertThat(ended.output()).doesNotContain("AOTCache").endsWith("[serve]");
        assertThat(home.resolve("server/target/parley")).isDirectoryNotContaining("glob:**.aot*");
    }

    /** Sources that are built at once, and a Java that can note how it starts. */
    private Path sources() throws Exception {
        Path home = installed();
        Files.delete(home.resolve("server/target/parley/built"));
        Files.writeString(home.resolve("pom.xml"), "");
        Path builder = home.resolve("mvnw");
        Files.writeString(builder, "#!/bin/sh\nexit 0\n");
        assertThat(builder.toFile().setExecutable(true)).isTrue();
        Path bin = folder.resolve("java/bin");
        Files.writeString(folder.resolve("java/release"), "JAVA_VERSION=\"25.0.1\"\n");
        Files.copy(bin.resolve("java"), bin.resolve("javac"));
        // Writes what it noted when it is told to end, as Java does.
        Files.writeString(bin.resolve("java"), """
                #!/bin/sh
                for word in "$@"; do case $word in -XX:AOTCacheOutput=*) noted=${word#*=} ;; esac; done
                if [ -z "${noted:-}" ]; then printf '[%s]' "$@"; exit 42; fi
                home=$(dirname "$(dirname "$0")")
                printf '[%s]' "$@" >"$home/noting"
                [ ! -f "$home/fails" ] || exit 1
                trap 'printf noted >"$noted"; exit 0' TERM
                echo 'Parley listens at http://127.0.0.1:1'
                while :; do sleep 0.1; done
                """);
        return home;
    }

    /** An installation whose Java tells what it is told. */
    private Path installed() throws Exception {
        Path home = Files.createDirectories(folder.resolve("a home"));
        Files.copy(SCRIPT, home.resolve("parley"));
        Path built = Files.createDirectories(home.resolve("server/target/parley"));
        Files.writeString(built.resolve("parley.jar"), "");
        Files.writeString(built.resolve("built"), "");
        Path java = Files.createDirectories(folder.resolve("java/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\nprintf '[%s]' \"$@\"\nexit 42\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Files.writeString(folder.resolve("java/release"), "JAVA_VERSION=\"21.0.1\"\n");
        return home;
    }

    private Ended run(Path directory, String... command) throws Exception {
        Path output = Files.createTempFile(folder, "output", ".txt");
        ProcessBuilder builder = new ProcessBuilder(List.of(command))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("JAVA_HOME", folder.resolve("java").toString());
        builder.environment().put("PARLEY_JAVA_OPTS", "-Xmx64m -Done=1");
        Process process = builder.start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return new Ended(process.exitValue(), Files.readString(output));
        } finally {
            process.destroyForcibly();
        }
    }
}
