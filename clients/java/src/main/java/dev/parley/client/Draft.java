package dev.parley.client;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a message says beside its text. */
public final class Draft {

    private final Map<String, Object> fields = new LinkedHashMap<>();

    Draft(String content, String id) {
        fields.put("type", "message");
        fields.put("content", content);
        fields.put("id", id);
    }

    /** A name of its own; one is made otherwise. */
    public Draft id(String id) {
        return with("id", id);
    }

    /** The message this answers in a thread. */
    public Draft parent(String messageId) {
        return with("parent_id", messageId);
    }

    /** Who is to answer. */
    public Draft agent(String agent) {
        return with("agent", agent);
    }

    public Draft model(String model) {
        return with("model", model);
    }

    /** The reply comes whole. */
    public Draft whole() {
        return with("stream", false);
    }

    /** Nobody answers. */
    public Draft withoutReply() {
        return with("reply", false);
    }

    /** What if a reply is running: {@code queue}, {@code reject}, {@code interrupt} or {@code parallel}. */
    public Draft overlap(String policy) {
        return with("overlap", policy);
    }

    /** Texts, numbers, truths, lists and maps of your own, given back with the message. */
    public Draft metadata(Map<String, ?> metadata) {
        return with("metadata", Map.copyOf(metadata));
    }

    /** Ids of files that were brought to the server before. */
    public Draft attachments(List<String> ids) {
        return with("attachments", List.copyOf(ids));
    }

    /** {@code temperature}, {@code max_tokens}, {@code system_prompt}, {@code seed}. */
    public Draft options(Map<String, ?> options) {
        return with("options", Map.copyOf(options));
    }

    private Draft with(String name, Object value) {
        fields.put(name, value);
        return this;
    }

    Frame frame() {
        return new Frame(new LinkedHashMap<>(fields));
    }
}
