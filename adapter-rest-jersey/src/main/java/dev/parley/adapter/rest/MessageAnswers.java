package dev.parley.adapter.rest;

import dev.parley.domain.Page;
import dev.parley.domain.message.Message;
import dev.parley.domain.store.Slice;
import dev.parley.protocols.chat.History;
import dev.parley.protocols.json.JsonWriter;
import dev.parley.protocols.json.MessageJson;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.function.BiConsumer;

/** How messages are answered: to clients of the native protocol and of the chat module alike, with both models' fields. */
final class MessageAnswers {

    private MessageAnswers() {}

    static Response one(Visit visit, Message message) {
        JsonWriter json = new JsonWriter(1024);
        each(visit).accept(json, message);
        return Answers.json(json);
    }

    /** {@code messages, total, next}. */
    static Response part(Visit visit, Page<Message> page, Slice slice) {
        JsonWriter json = new JsonWriter(16 * 1024).begin();
        return Answers.json(History.write(json, page, slice, each(visit)).end());
    }

    /** {@code messages, total}. */
    static Response found(Visit visit, Page<Message> page) {
        JsonWriter json = new JsonWriter(4096).begin();
        return Answers.json(History.messages(json, page, each(visit)).end());
    }

    /** The object's fields, into an object that is open. */
    static void fields(JsonWriter to, Visit visit, Message message) {
        MessageJson.fields(to, message, Optional.empty(), Optional.of(visit.principal().user()));
        MessageJson.moduleFields(to, message);
    }

    private static BiConsumer<JsonWriter, Message> each(Visit visit) {
        return (json, message) -> {
            json.begin();
            fields(json, visit, message);
            json.end();
        };
    }
}
