package dev.parley.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import org.junit.jupiter.api.Test;

class LogLinesTest {

    private final LoggerContext context = new LoggerContext();

    @Test
    void a_line_has_time_level_component_and_message() {
        TextLines lines = new TextLines();
        lines.start();

        assertThat(lines.doLayout(event("dev.parley.adapter.websocket.WebSocketHost", "Two\nlines", null)))
                .isEqualTo("2026-01-02T03:04:05.006Z WARN  host      Two\\nlines\n");
    }

    @Test
    void json_is_one_object_on_one_line_whatever_is_in_it() {
        JsonLines lines = new JsonLines();
        lines.start();

        String line = lines.doLayout(event("org.example.Thing", "He said \"no\"\n\u0001", new IllegalStateException("x")));

        assertThat(line).endsWith("}\n").containsOnlyOnce("\n");
        assertThat(line).startsWith("{\"time\":\"2026-01-02T03:04:05.006Z\",\"level\":\"WARN\",\"component\":\"Thing\"");
        assertThat(line).contains("He said \\\"no\\\"\\n\\u0001").contains("\"thrown\":\"java.lang.IllegalStateException: x\\n");
    }

    @Test
    void the_ids_that_a_message_begins_with_are_fields_of_their_own() {
        JsonLines lines = new JsonLines();
        lines.start();

        assertThat(
                lines.doLayout(event("org.example.Thing", "connection=c1 session=s:1 command=SendMessage a store is away", null)))
                .contains(
                        "\"connection\":\"c1\",\"session\":\"s:1\",\"command\":\"SendMessage\",\"message\":\"a store is away\"");
        assertThat(lines.doLayout(event("org.example.Thing", "reply=r1 session=s1 kind=FAILED: it broke", null)))
                .contains("\"reply\":\"r1\",\"session\":\"s1\",\"kind\":\"FAILED\",\"message\":\"it broke\"");
        assertThat(lines.doLayout(event("org.example.Thing", "incident=42", null)))
                .contains("\"incident\":\"42\",\"message\":\"\"");
        assertThat(lines.doLayout(event("org.example.Thing", "a=b session=late", null)))
                .contains("\"message\":\"a=b session=late\"");
    }

    private LoggingEvent event(String logger, String message, Throwable thrown) {
        LoggingEvent event =
                new LoggingEvent("test", context.getLogger(logger), Level.WARN, message, thrown, new Object[0]);
        event.setMDCPropertyMap(java.util.Map.of());
        event.setInstant(java.time.Instant.parse("2026-01-02T03:04:05.006Z"));
        return event;
    }
}
