package dev.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.adapter.micrometer.MicrometerTelemetry;
import dev.parley.domain.access.UserId;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.telemetry.TelemetryEvent;
import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.json.JsonValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The dashboard asks for what there is, and leaves nothing of it out. */
class DashboardTest {

    private static final Pattern NAME = Pattern.compile("parley_[a-z_]+");
    /** {@code name{a="…"} } in what is scraped, {@code by (a, b)} and <code>{a=</code> in what is asked. */
    private static final Pattern LABELS = Pattern.compile("by \\(([a-z, ]+)\\)");

    private static final UserId USER = new UserId("ann");

    @Test
    void every_metric_that_it_asks_for_exists_and_every_one_that_exists_is_shown() throws Exception {
        JsonObject dashboard = Frames.parsed(Files.readString(Path.of("..", "deploy", "grafana", "parley.json")));
        String scrape = scrape();
        Set<String> exist = names(scrape.lines().filter(line -> !line.startsWith("#")).collect(Collectors.joining("\n")));
        Set<String> asked = new TreeSet<>();
        for (JsonValue each : dashboard.items("panels").orElseThrow()) {
            JsonObject panel = (JsonObject) each;
            for (JsonValue one : panel.items("targets").orElseThrow()) {
                String expression = ((JsonObject) one).requiredText("expr");
                Set<String> names = names(expression);
                assertThat(names).as(expression).isNotEmpty();
                assertThat(exist).as("%s of %s", expression, panel.text("title")).containsAll(names);
                for (String label : labels(expression)) {
                    assertThat(names).as("the label %s in %s", label, expression)
                            .allMatch(name -> scrape.lines()
                                    .anyMatch(line -> line.startsWith(name + "{") && line.contains(label + "=\"")));
                }
                asked.addAll(names);
            }
        }
        assertThat(families(asked)).as("what is shown").isEqualTo(families(exist));
    }

    @Test
    void every_metric_says_what_it_is_in_the_words_of_the_documentation() throws Exception {
        List<String> rows = Files.readAllLines(Path.of("..", "docs", "operations.md"))
                .stream()
                .filter(line -> line.startsWith("| `parley_"))
                .toList();
        Set<String> said = new TreeSet<>();
        for (String line : scrape().lines().filter(line -> line.startsWith("# HELP ")).toList()) {
            String[] help = line.split(" ", 4);
            String name = help[2].replaceAll("_max$", "");
            assertThat(rows).as(name)
                    .anyMatch(row -> row.startsWith("| `" + name + "` |") && row.endsWith(" | " + help[3] + " |"));
            said.add(name);
        }
        assertThat(rows).as("metrics in the documentation").hasSameSizeAs(said);
    }

    private static Set<String> names(String text) {
        Set<String> names = new TreeSet<>();
        Matcher name = NAME.matcher(text);
        while (name.find()) {
            names.add(name.group());
        }
        return names;
    }

    /** {@code instance} is Prometheus' own. */
    private static Set<String> labels(String expression) {
        Set<String> labels = new TreeSet<>();
        Matcher by = LABELS.matcher(expression);
        while (by.find()) {
            labels.addAll(List.of(by.group(1).split(", ")));
        }
        return labels;
    }

    private static Set<String> families(Set<String> names) {
        return names.stream()
                .map(name -> name.replaceAll("(_seconds)?_(bucket|count|sum|max)$", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String scrape() {
        try (MicrometerTelemetry telemetry = MicrometerTelemetry.create(InstantSource.system())) {
            Duration took = Duration.ofMillis(7);
            List.of(
                    new TelemetryEvent.ConnectionOpened("chat", USER),
                    new TelemetryEvent.ConnectionClosed("chat", USER, 1000, took),
                    new TelemetryEvent.ConnectionRefused(401),
                    new TelemetryEvent.CommandHandled(
                            "SendMessage", Optional.of(new SessionId("one")), Optional.of(ErrorCode.BUSY), took),
                    new TelemetryEvent.MessageStored(took),
                    new TelemetryEvent.QueueChanged(1, 2),
                    new TelemetryEvent.FirstToken("tiny", took),
                    new TelemetryEvent.ReplyEnded("tiny", ReplyStatus.COMPLETED, Optional.empty(), 5, took),
                    new TelemetryEvent.LimitDecided("messages", true),
                    new TelemetryEvent.BytesSent("chat", USER, 1),
                    new TelemetryEvent.BytesReceived("chat", USER, 1),
                    new TelemetryEvent.StoreCommitted(1, took),
                    new TelemetryEvent.DependencyChanged("store", true))
                    .forEach(telemetry::on);
            return telemetry.scrape();
        }
    }
}
