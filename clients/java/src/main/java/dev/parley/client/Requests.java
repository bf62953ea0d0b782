package dev.parley.client;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * Frames that want an answer: matched by id, waiting while there is no connection, never twice unless that is harmless. Used on the
 * client's thread only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what comes of each is told on the client's thread
final class Requests {

    private static final class Request {
        final Frame frame;
        final boolean again;
        final CompletableFuture<Frame> answer;
        final Loop.Timer timer;
        boolean sent;

        Request(Frame frame, boolean again, CompletableFuture<Frame> answer, Loop.Timer timer) {
            this.frame = frame;
            this.again = again;
            this.answer = answer;
            this.timer = timer;
        }
    }

    private final Loop loop;
    private final Predicate<Frame> send;
    private final Duration deadline;
    private final Map<String, Request> open = new LinkedHashMap<>();
    private Optional<ParleyException> closed = Optional.empty();

    Requests(Loop loop, Predicate<Frame> send, Duration deadline) {
        this.loop = loop;
        this.send = send;
        this.deadline = deadline;
    }

    int waiting() {
        return open.size();
    }

    /** @param again whether it is sent once more when the connection is lost before the answer */
    void ask(Frame frame, boolean again, CompletableFuture<Frame> answer) {
        if (closed.isPresent()) {
            answer.completeExceptionally(closed.get());
            return;
        }
        String id = UUID.randomUUID().toString();
        Loop.Timer timer = loop.later(deadline, () -> fail(id, new ParleyException("TIMEOUT", "No answer in time")));
        Request request = new Request(frame.with("id", id), again, answer, timer);
        open.put(id, request);
        request.sent = send.test(request.frame);
    }

    /** Whether the frame answered one. */
    boolean answer(Frame frame) {
        Optional<String> id = frame.text("id").filter(open::containsKey);
        id.ifPresent(name -> {
            if (frame.type().equals("error")) {
                fail(name, ParleyException.of(frame));
            } else {
                take(name).ifPresent(request -> request.answer.complete(frame));
            }
        });
        return id.isPresent();
    }

    /** A connection is there: sends what waits. */
    void connected() {
        for (Request request : List.copyOf(open.values())) {
            request.sent = request.sent || send.test(request.frame);
        }
    }

    /** The connection is gone, and with it the answers under way. */
    void lost() {
        for (Map.Entry<String, Request> each : List.copyOf(open.entrySet())) {
            Request request = each.getValue();
            if (request.sent && request.again) {
                request.sent = false;
            } else if (request.sent) {
                fail(each.getKey(), new ParleyException("CONNECTION_LOST", "The connection was lost before the answer"));
            }
        }
    }

    /** Nothing can be asked any more, until {@link #reopened}. */
    void closed(ParleyException why) {
        closed = Optional.of(why);
        List.copyOf(open.keySet()).forEach(id -> fail(id, why));
    }

    void reopened() {
        closed = Optional.empty();
    }

    private void fail(String id, ParleyException error) {
        take(id).ifPresent(request -> request.answer.completeExceptionally(error));
    }

    private Optional<Request> take(String id) {
        Optional<Request> request = Optional.ofNullable(open.remove(id));
        request.ifPresent(each -> each.timer.cancel());
        return request;
    }
}
