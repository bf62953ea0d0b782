package dev.parley.adapter.mongo;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Updates;
import dev.parley.domain.access.UserId;
import dev.parley.domain.live.NodeId;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.Reply;
import dev.parley.domain.store.ReplyStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bson.Document;
import org.bson.conversions.Bson;

final class MongoReplyStore implements ReplyStore {
    /** So often the owner may write while an earlier part of its text is replaced. */
    private static final int ATTEMPTS = 50;

    private final Store store;
    private final Heads heads;
    private final Steps steps;
    private final Homes homes;

    MongoReplyStore(Store store, Heads heads, Steps steps, Homes homes) {
        this.store = store;
        this.heads = heads;
        this.steps = steps;
        this.homes = homes;
    }

    @Override
    public Optional<Reply> find(MessageId id) {
        return store.guarded(() -> homes.document(id).flatMap(ReplyDocs::read));
    }

    @Override
    public List<Reply> unfinished() {
        return running(Projections.include("session", "life", "record"));
    }

    @Override
    public List<Reply> unfinishedWithoutTexts() {
        return running(Projections.exclude("record.pieces", "content", "words"));
    }

    private List<Reply> running(Bson parts) {
        return store.guarded(() -> {
            heads.projection().settleAll();
            List<Document> running =
                    store.messages().find(Filters.exists("running")).projection(parts).into(new ArrayList<>());
            Set<String> lives = lives(running);
            return running.stream()
                    .filter(doc -> lives.contains(Docs.text(doc, "life")))
                    .flatMap(doc -> ReplyDocs.read(doc).stream())
                    .sorted(Comparator.comparing(Reply::requestedAt))
                    .toList();
        });
    }

    private Set<String> lives(List<Document> messages) {
        Set<String> lives = new HashSet<>();
        if (!messages.isEmpty()) {
            List<String> sessions = messages.stream().map(doc -> Docs.text(doc, "session")).distinct().toList();
            store.sessions()
                    .find(Filters.in("_id", sessions))
                    .projection(Projections.include("life"))
                    .forEach(doc -> Docs.optionalText(doc, "life").ifPresent(lives::add));
        }
        return lives;
    }

    @Override
    public Optional<Reply> claim(MessageId id, NodeId owner) {
        Steps.refuseInside();
        return store.guarded(() -> homes.document(id).flatMap(message -> {
            Optional<Reply> claimed = steps.takeAlone(Homes.session(message), step -> step.claim(id, owner));
            // What the one before made safe until the claim counted is to be kept.
            return claimed.map(reply -> homes.document(id)
                    .flatMap(ReplyDocs::read)
                    .filter(now -> now.fence() == reply.fence())
                    .orElse(reply));
        }));
    }

    @Override
    public boolean requestStop(MessageId id, UserId by) {
        Steps.refuseInside();
        return store.guarded(() -> homes.document(id)
                .map(message -> steps.takeAlone(Homes.session(message), step -> step.stop(id, by)))
                .orElse(false));
    }

    @Override
    public boolean checkpoint(MessageId id, long fence, long offset, String tail) {
        return store.guarded(() -> grown(id, fence, offset, tail) || replaced(id, fence, offset, tail));
    }

    private static Bson mine(MessageId id, long fence) {
        return Where.all(Filters.eq("_id", id.value()), Filters.eq("record.fence", fence));
    }

    /** Adds to the end of what is safe; false when that is not what was asked for. */
    private boolean grown(MessageId id, long fence, long offset, String tail) {
        return !tail.isEmpty()
                && store.messages()
                        .updateOne(
                                Where.all(mine(id, fence), Filters.eq("record.length", offset)),
                                Updates.combine(
                                        Updates.push("record.pieces", tail),
                                        Updates.set("record.length", offset + tail.length())))
                        .getMatchedCount() == 1;
    }

    private boolean replaced(MessageId id, long fence, long offset, String tail) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<Document> record = Optional.ofNullable(
                    store.messages().find(mine(id, fence)).projection(Projections.include("record")).first())
                    .map(doc -> Docs.document(doc, "record"));
            if (record.isEmpty()) {
                return false;
            }
            String safe = ReplyDocs.text(record.get());
            if (offset < 0 || offset > safe.length()) {
                throw new IllegalArgumentException("Expected an offset of 0 to " + safe.length() + ", found " + offset);
            }
            String text = safe.substring(0, (int) offset) + tail;
            boolean done = store.messages()
                    .updateOne(
                            Where.all(
                                    mine(id, fence), Filters.eq("record.pieces", Docs.texts(record.get(), "pieces"))),
                            Updates.combine(
                                    Updates.set("record.pieces", text.isEmpty() ? List.of() : List.of(text)),
                                    Updates.set("record.length", (long) text.length())))
                    .getMatchedCount() == 1;
            if (done) {
                return true;
            }
        }
        return false;
    }
}
