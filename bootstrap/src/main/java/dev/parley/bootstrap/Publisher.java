package dev.parley.bootstrap;

import dev.parley.application.Caller;
import dev.parley.application.ChatEngine;
import dev.parley.application.command.Command;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.session.ClientInfo;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.topic.Audience;
import dev.parley.domain.topic.Publication;
import dev.parley.domain.topic.TopicEntry;
import dev.parley.domain.topic.TopicId;
import dev.parley.protocols.json.JsonReader;
import dev.parley.protocols.json.JsonReading;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What this program tells those who are connected: how investigations go on, what is out of the ordinary, and notifications to
 * sessions. Payloads are JSON objects of at most {@value Publication#MAX_BYTES} bytes. Methods return once it is stored and on its way
 * to all nodes, and throw {@link RefusedException} where the engine refuses. Safe for use by many threads.
 */
public final class Publisher {

    private final ChatEngine engine;
    private final Caller caller;

    Publisher(ChatEngine engine) {
        this.engine = engine;
        this.caller = new Caller(
                Principal.trusted(new UserId("parley"), Principal.SERVICE), ClientInfo.UNKNOWN, "java");
    }

    /** How an investigation goes on. {@code type} in words of your own, such as {@code progress} */
    public TopicEntry update(String investigation, String type, String json) {
        return publish(TopicId.named(investigation), new Publication.Update(type, object(json)));
    }

    /** Something out of the ordinary; clients look for {@code severity} and {@code description} in it. */
    public TopicEntry anomaly(String investigation, String json) {
        return publish(TopicId.named(investigation), new Publication.Anomaly(object(json)));
    }

    /** Tells all connections of a session something. */
    public TopicEntry notification(String session, String json) {
        return publish(TopicId.of(new SessionId(session)), new Publication.Notification(object(json)));
    }

    /** Only these users may be told of the investigation from now on. */
    public void audience(String investigation, Set<String> users) {
        Set<UserId> ids = users.stream().map(UserId::new).collect(Collectors.toSet());
        set(investigation, new Audience.Only(ids));
    }

    /** Everybody who is signed in may be told of the investigation, as before anybody said otherwise. */
    public void openToEverybody(String investigation) {
        set(investigation, new Audience.Everybody());
    }

    private void set(String investigation, Audience audience) {
        RefusedException.valueOf(
                engine.handle(caller, new Command.SetAudience(TopicId.named(investigation), audience)));
    }

    private TopicEntry publish(TopicId topic, Publication publication) {
        return RefusedException.valueOf(engine.handle(caller, new Command.Publish(topic, publication)));
    }

    private static String object(String json) {
        if (JsonReader.STANDARD.read(json.getBytes(StandardCharsets.UTF_8)) instanceof JsonReading.Read) {
            return json;
        }
        throw new IllegalArgumentException("Expected a JSON object to publish, found something else");
    }
}
