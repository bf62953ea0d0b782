package dev.parley.adapter.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocols.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/rest.md} to the interface's description. */
class RestPageTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| (`.*?) \\|");
    private static final Pattern ADDRESS = Pattern.compile("`(GET|POST|PUT|PATCH|DELETE)( /[^`]*)?`");

    @Test
    void every_address_on_the_page_is_described() throws IOException {
        Set<String> named = new TreeSet<>();
        Matcher rows = ROW.matcher(Files.readString(Path.of("..", "docs", "rest.md")));
        while (rows.find()) {
            Matcher addresses = ADDRESS.matcher(rows.group(1));
            String path = "";
            while (addresses.find()) {
                path = addresses.group(2) == null ? path : addresses.group(2).strip();
                named.add(addresses.group(1) + " " + path);
            }
        }
        assertThat(named).hasSizeGreaterThan(14);
        assertThat(described()).containsAll(named);
    }

    private static Set<String> described() throws IOException {
        try (InputStream resource = RestApi.class.getResourceAsStream("openapi.json")) {
            JsonObject paths = Server.read(new String(resource.readAllBytes(), StandardCharsets.UTF_8))
                    .object("paths")
                    .orElseThrow();
            Set<String> all = new TreeSet<>();
            paths.fields()
                    .forEach((path, methods) -> ((JsonObject) methods)
                            .fields()
                            .keySet()
                            .forEach(method -> all.add(method.toUpperCase(Locale.ROOT) + " " + path)));
            return all;
        }
    }
}
