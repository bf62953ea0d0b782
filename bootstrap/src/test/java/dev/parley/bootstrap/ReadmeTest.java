package dev.parley.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testkit.llm.ScriptedModel;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README says about embedding compiles and chats as it stands there. */
class ReadmeTest {

    private static final Pattern EXAMPLE = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);

    @TempDir
    Path folder;

    @Test
    void the_ten_lines_chat() throws Exception {
        String lines = example();
        assertThat(lines.lines().filter(line -> !line.isBlank())).hasSizeLessThanOrEqualTo(10);

        String said = run(lines.replace("Parley.builder()", "start()"));

        assertThat(said).contains("Because it scatters blue light.").contains("scripted").contains("Why is the sky blue?");
    }

    private static String example() throws Exception {
        Matcher example = EXAMPLE.matcher(Files.readString(Path.of("..", "README.md")));
        assertThat(example.find()).as("an example in the README").isTrue();
        return example.group(1);
    }

    private String run(String lines) throws Exception {
        String source = """
                import dev.parley.bootstrap.*;
                import dev.parley.domain.message.Message;
                import java.io.PrintStream;
                import java.time.Duration;
                import java.util.function.Function;
                import java.util.function.UnaryOperator;
                public class Embedding implements java.util.concurrent.Callable<Void> {
                    static class System { static PrintStream out; }
                    private final UnaryOperator<ParleyBuilder> own;
                    public Embedding(UnaryOperator<ParleyBuilder> own, PrintStream out) { this.own = own; System.out = out; }
                    ParleyBuilder start() { return own.apply(Parley.builder()); }
                    public Void call() throws Exception {
                """
                + lines + "return null; } }";
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        boolean compiled = compiler.getTask(null, null, null,
                List.of("-d", folder.toString(), "-cp", java.lang.System.getProperty("java.class.path")), null,
                List.of(new Source(source)))
                .call();
        assertThat(compiled).as("the example compiles").isTrue();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ScriptedModel model = ScriptedModel.named("scripted").answerAll("Because it ", "scatters blue light.");
        java.util.function.UnaryOperator<ParleyBuilder> own =
                builder -> builder.models(model, model).dataFolder(folder.resolve("data"));
        try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
            var example = loader.loadClass("Embedding")
                    .getConstructor(java.util.function.UnaryOperator.class, PrintStream.class)
                    .newInstance(own, new PrintStream(out, true, StandardCharsets.UTF_8));
            ((java.util.concurrent.Callable<?>) example).call();
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String code;

        Source(String code) {
            super(URI.create("string:///Embedding.java"), Kind.SOURCE);
            this.code = code;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return code;
        }
    }
}
