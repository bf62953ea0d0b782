package dev.parley.adapter.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocols.json.JsonObject;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OpenApiTest {

    private static final List<Class<?>> RESOURCES = List.of(
            SessionsResource.class,
            MessagesResource.class,
            ReactionsResource.class,
            StreamsResource.class,
            UploadsResource.class,
            PiecesResource.class,
            SearchResource.class,
            AttachmentsResource.class,
            LiveResource.class,
            CatalogueResource.class,
            TicketResource.class,
            ExportResource.class,
            AdminResource.class,
            OperationsResource.class,
            RoomsResource.class,
            InvestigationsResource.class,
            ServerResource.class);

    @Test
    void the_description_names_exactly_what_is_answered() throws IOException {
        assertThat(described()).isEqualTo(answered());
    }

    @Test
    void every_reference_leads_somewhere() throws IOException {
        String text = text();
        JsonObject schemas = Server.read(text).object("components").orElseThrow().object("schemas").orElseThrow();
        java.util.regex.Matcher references = java.util.regex.Pattern.compile("#/components/schemas/(\\w+)").matcher(text);
        while (references.find()) {
            assertThat(schemas.has(references.group(1))).as(references.group(1)).isTrue();
        }
    }

    private static Set<String> described() throws IOException {
        Set<String> operations = new TreeSet<>();
        JsonObject paths = Server.read(text()).object("paths").orElseThrow();
        paths.fields()
                .forEach((path, methods) -> ((JsonObject) methods)
                        .fields()
                        .keySet()
                        .forEach(method -> operations.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path)));
        return operations;
    }

    private static Set<String> answered() {
        Set<String> operations = new TreeSet<>();
        for (Class<?> resource : RESOURCES) {
            String base = resource.getAnnotation(Path.class).value();
            for (Method method : resource.getDeclaredMethods()) {
                method(method).ifPresent(verb -> {
                    String below = Optional.ofNullable(method.getAnnotation(Path.class)).map(Path::value).orElse("");
                    String path = below.isEmpty() ? base : base.endsWith("/") ? base + below : base + "/" + below;
                    operations.add(verb + " " + path);
                });
            }
        }
        return operations;
    }

    private static Optional<String> method(Method method) {
        return Stream.of(method.getAnnotations())
                .map(Annotation::annotationType)
                .map(type -> type.getAnnotation(HttpMethod.class))
                .filter(java.util.Objects::nonNull)
                .map(HttpMethod::value)
                .findFirst();
    }

    private static String text() throws IOException {
        try (InputStream resource = RestApi.class.getResourceAsStream("openapi.json")) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
