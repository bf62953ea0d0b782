package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadmeTest {

    private static final Pattern EXAMPLE = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);

    @TempDir
    Path folder;

    @Test
    void a_module_that_uses_it_needs_no_other() throws IOException {
        Path module = Files.writeString(folder.resolve("module-info.java"), "module me { requires dev.parley.client; }");
        Path user = Files.writeString(
                folder.resolve("Ask.java"),
                "package me; class Ask { dev.parley.client.State of(dev.parley.client.ParleyClient client) { return client.state(); } }");
        StringWriter said = new StringWriter();
        int code = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(new PrintWriter(said), new PrintWriter(said), "-p", "target/classes", "-d", folder.resolve("out").toString(),
                        module.toString(), user.toString());
        assertThat(code).as(said.toString()).isZero();
    }

    @Test
    void the_first_example_runs_as_printed() throws IOException, InterruptedException {
        Matcher example = EXAMPLE.matcher(Files.readString(Path.of("README.md")));
        assertThat(example.find()).isTrue();
        Files.writeString(folder.resolve("Ask.java"), example.group(1));
        Process script = ScenariosTest.script();
        try {
            String server = script.inputReader(StandardCharsets.UTF_8).readLine().replace("READY ", "");
            Process asked = new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                    Path.of("target", "classes").toAbsolutePath().toString(), "Ask.java", server, "user-ana",
                    "Why is the sky blue?")
                    .directory(folder.toFile())
                    .redirectError(folder.resolve("errors").toFile())
                    .start();
            String answer = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(asked.waitFor()).as(Files.readString(folder.resolve("errors"))).isZero();
            assertThat(answer).isEqualTo("word1 word2 word3 word4 word5 ");
        } finally {
            script.destroy();
        }
    }
}
