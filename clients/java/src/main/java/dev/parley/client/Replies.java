package dev.parley.client;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts the texts of replies together from their chunks. Every chunk says where it ends, so what is missing or repeated is known at once:
 * repeated text is dropped, a gap is reported and nothing is appended until it is filled. Used on the client's thread only.
 */
final class Replies {

    /** Who is told what happens to replies. */
    interface Owner {
        void changed(Reply reply, Listener.Change change, String delta);

        void gap(Reply reply);

        void duplicate(Reply reply);

        /** What was known as {@code other} is {@code reply}. */
        void takenOver(Reply reply, Reply other);
    }

    /** How many ended replies are remembered, for those who ask for them after their end, and of whole ones that came early. */
    private static final int REMEMBERED = 64;

    private final Supplier<Reply> maker;
    private final Owner owner;
    private final Map<String, Reply> byId = new LinkedHashMap<>();
    private final Map<String, Reply> byQuestion = new HashMap<>();
    /** Whole replies nobody waited for when they came: their question's acknowledgement may still be on its way. */
    private final Set<String> early = new LinkedHashSet<>();
    private volatile List<Reply> lately = List.of();

    /** @param maker makes a reply nobody has heard of yet */
    Replies(Supplier<Reply> maker, Owner owner) {
        this.maker = maker;
        this.owner = owner;
    }

    Optional<Reply> get(Optional<String> id) {
        return id.map(byId::get);
    }

    /** The replies that have begun and not ended. */
    List<Reply> running() {
        return byId.values().stream().filter(reply -> !reply.ended()).toList();
    }

    /** Those and the ones that are waited for and not named yet. */
    Set<Reply> open() {
        Set<Reply> all = new LinkedHashSet<>(running());
        byQuestion.values().stream().filter(reply -> !reply.ended()).forEach(all::add);
        return all;
    }

    /** What was running when something last began or ended; known to every thread. */
    List<Reply> lately() {
        return lately;
    }

    /** How far each running reply is known, as the server wants to hear it. */
    Map<String, Integer> positions() {
        Map<String, Integer> known = new LinkedHashMap<>();
        byId.forEach((id, reply) -> {
            if (reply.status() == Reply.Status.STREAMING && reply.length() > 0) {
                known.put(id, reply.length());
            }
        });
        return known;
    }

    /** Names an expected reply. One that is known under that id, or answers that question, already is the same one. */
    void bind(Reply expected, Optional<String> id, Optional<String> question) {
        Optional<Reply> known = id.isPresent() ? get(id) : question.flatMap(this::answering);
        expected.named(Optional.empty(), question);
        if (known.isPresent() && known.get() != expected) {
            owner.takenOver(expected, known.get());
            expected.takeOver(known.get());
            expected.messageId().ifPresent(name -> byId.put(name, expected));
        } else {
            id.ifPresent(name -> byId.put(name, expected));
            expected.named(id, Optional.empty());
        }
        question.ifPresent(asked -> byQuestion.put(asked, expected));
        lately = running();
    }

    void queued(String id, Frame frame) {
        Reply reply = named(id, frame.text("question_id"));
        if (!reply.ended()) {
            reply.queue(frame.whole("position").map(Long::intValue));
            owner.changed(reply, Listener.Change.QUEUED, "");
        }
    }

    void start(String id, Frame frame) {
        Reply reply = named(id, frame.text("question_id"));
        if (!reply.ended()) {
            reply.begin(frame);
            owner.changed(reply, Listener.Change.START, "");
        }
    }

    void chunk(String id, Frame frame) {
        Optional<String> given = frame.text("content");
        Optional<Long> seq = frame.whole("seq");
        if (given.isEmpty() || seq.isEmpty()) {
            return;
        }
        String content = given.get();
        long begin = seq.get() - content.length();
        // Of what nobody has begun only the beginning is of use; its end brings the rest.
        if (begin < 0 || begin > 0 && !byId.containsKey(id)) {
            return;
        }
        Reply reply = named(id, Optional.empty());
        int known = reply.length();
        if (reply.ended()) {
            return;
        }
        if (seq.get() <= known) {
            if (!content.isEmpty()) {
                owner.duplicate(reply);
            }
        } else if (begin > known) {
            owner.gap(reply);
        } else {
            String delta = content.substring((int) (known - begin));
            reply.append(delta);
            owner.changed(reply, Listener.Change.TEXT, delta);
        }
    }

    void end(String id, Frame frame) {
        Optional<Frame> message = frame.part("message");
        Reply reply = named(id, message.flatMap(each -> each.text("question_id")));
        if (!reply.ended()) {
            // The stored message is the truth; chunks that got lost on the way are in it.
            settle(reply, message, frame.text("status"), frame.part("metadata"));
        }
    }

    /** A whole reply in one message. */
    void whole(Frame message) {
        Optional<String> id = message.text("message_id");
        Optional<String> question = message.text("question_id");
        boolean awaited = get(id).isPresent() || question.map(byQuestion::containsKey).orElse(false);
        if (id.isPresent() && awaited && !message.text("status").equals(Optional.of("streaming"))) {
            Reply reply = named(id.get(), question);
            if (!reply.ended()) {
                settle(reply, Optional.of(message), Optional.empty(), Optional.empty());
            }
        }
        if (id.isPresent() && !awaited) {
            early.add(id.get());
            if (early.size() > REMEMBERED) {
                early.remove(early.iterator().next());
            }
        }
    }

    /** Whether it came whole before anybody waited for it. */
    boolean cameEarly(String id) {
        return early.remove(id);
    }

    /** Ends a reply with what is stored. */
    void settle(Reply reply, Optional<Frame> message, Optional<String> status, Optional<Frame> metadata) {
        Reply.Status how = Reply.Status.end(status)
                .or(() -> Reply.Status.end(message.flatMap(each -> each.text("status"))))
                .orElse(Reply.Status.COMPLETED);
        reply.end(how, message, metadata);
        lately = running();
        owner.changed(reply, Listener.Change.END, "");
        forgetOld();
    }

    /** One of which nothing more will come. */
    void forget(Reply reply) {
        reply.messageId().ifPresent(id -> byId.remove(id, reply));
        reply.questionId().ifPresent(question -> byQuestion.remove(question, reply));
        lately = running();
    }

    private Reply named(String id, Optional<String> question) {
        Reply known = byId.get(id);
        if (known != null) {
            return known;
        }
        // A question's first reply is the one its sender waits for; later ones (regenerated) are replies of their own.
        Reply reply = question.map(byQuestion::get).filter(each -> each.messageId().isEmpty()).orElseGet(maker);
        reply.named(Optional.of(id), question);
        byId.put(id, reply);
        lately = running();
        return reply;
    }

    private Optional<Reply> answering(String question) {
        @Nullable
        Reply found = null;
        for (Reply reply : byId.values()) {
            if (reply.questionId().equals(Optional.of(question))) {
                found = reply;
            }
        }
        return Optional.ofNullable(found);
    }

    private void forgetOld() {
        List<Reply> ended = byId.values().stream().filter(Reply::ended).toList();
        ended.subList(0, Math.max(0, ended.size() - REMEMBERED)).forEach(this::forget);
    }
}
