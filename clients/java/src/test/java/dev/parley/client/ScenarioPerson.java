package dev.parley.client;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A client in a scenario, and what it saw. */
final class ScenarioPerson implements Listener {

    final ParleyClient client;
    final List<Frame> events = new CopyOnWriteArrayList<>();
    private final List<Frame> states = new CopyOnWriteArrayList<>();
    private final List<Frame> measures = new CopyOnWriteArrayList<>();
    private final List<Frame> outbox = new CopyOnWriteArrayList<>();
    private final List<String> tokens;
    private final AtomicInteger askedForToken = new AtomicInteger();

    ScenarioPerson(ParleyClientBuilder builder, Frame options, Frame given, Optional<String> since) {
        builder.transport(options.text("transport").orElse("auto"))
                .backoff(time(options, "backoff_base"), time(options, "backoff_cap"))
                .openDeadline(time(options, "open_deadline"))
                .ackDeadline(time(options, "ack_deadline"))
                .askDeadline(options.whole("ask_deadline").map(Duration::ofMillis).orElse(Duration.ofSeconds(30)))
                .outboxLimit(options.whole("outbox_limit").map(Long::intValue).orElse(100))
                .pongDeadline(time(options, "pong_deadline"))
                .gapDeadline(time(options, "gap_deadline"))
                .climbAfter(time(options, "climb_after"))
                .pollWait(time(options, "poll_wait"))
                .patience(options.whole("patience").orElseThrow().intValue());
        options.text("visibility").ifPresent(builder::visibility);
        since.ifPresent(builder::since);
        List<String> named = options.texts("tokens");
        this.tokens = named;
        if (named.isEmpty()) {
            builder.token(given.text(options.text("token").orElse("first")).orElseThrow());
        } else {
            builder.tokens(() -> given.text(named.get(Math.min(askedForToken.getAndIncrement(), named.size() - 1)))
                    .orElseThrow(() -> new IllegalStateException("no token to be had")));
        }
        client = builder.build();
        client.listen(this);
    }

    private static Duration time(Frame options, String name) {
        return Duration.ofMillis(options.whole(name).orElseThrow());
    }

    Frame report() {
        Totals totals = client.totals();
        return new Frame(new LinkedHashMap<>(Map.of(
                "state", shown(client.state()), "states", states, "events", events, "outbox", outbox, "telemetry", measures,
                "totals",
                Map.of("connections", totals.connections(), "reconnects", totals.reconnects(), "duplicates", totals.duplicates()),
                "asked_for_token", askedForToken.get())));
    }

    @Override
    public void state(State state) {
        states.add(shown(state));
    }

    /** Whether the connection was ever so. */
    boolean was(String status) {
        return states.stream().anyMatch(state -> state.text("status").equals(Optional.of(status)));
    }

    boolean askedFor(String token) {
        return askedForToken.get() > tokens.indexOf(token);
    }

    @Override
    public void outgoing(Sent sent, Outgoing change) {
        outbox.add(new Frame(Map.of("content", sent.content(), "change", ScenarioPlayer.lower(change))));
    }

    @Override
    public void reload() {
        events.add(Frame.ofType("reload"));
    }

    @Override
    public void frame(Frame frame) {
        if (!frame.type().startsWith("stream_") && !frame.truth("local")) {
            events.add(frame);
        }
    }

    @Override
    public void telemetry(Measure measure) {
        measures.add(new Frame(Map.of(
                "status", ScenarioPlayer.lower(measure.status()), "characters", measure.characters(), "chunks", measure.chunks(),
                "gaps", measure.gaps(), "duplicates", measure.duplicates(), "reconnects", measure.reconnects()))
                .with("message_id", measure.messageId())
                .with("time_to_first_token", measure.timeToFirstToken().map(Duration::toMillis)));
    }

    private static Frame shown(State state) {
        return new Frame(Map.of("status", ScenarioPlayer.lower(state.status())))
                .with("transport", state.transport())
                .with("reason", state.reason())
                .with("code", state.error().map(ParleyException::code))
                .with("details", state.error().flatMap(ParleyException::details));
    }
}
