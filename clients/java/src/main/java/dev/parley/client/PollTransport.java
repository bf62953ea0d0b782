package dev.parley.client;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Long polls: the last resort, where even an open response is held back on the way. */
@SuppressWarnings("FutureReturnValueIgnored") // what comes of each is told on the client's thread
final class PollTransport implements Transport {

    private static final Duration LATE = Duration.ofSeconds(15);

    private final HttpWay way;
    private final Address address;
    private final Duration patience;
    private final Sink sink;
    private boolean greeted;

    PollTransport(HttpWay way, Address address, Place place, Duration patience, Sink sink) {
        this.way = way;
        this.address = address;
        this.patience = patience;
        this.sink = sink;
        // Only a poll without a cursor is greeted; whoever resumes asks without waiting, and the answer is the greeting.
        this.greeted = place.since().isEmpty();
        poll(place, greeted ? patience : Duration.ZERO);
    }

    @Override
    public Kind kind() {
        return Kind.POLL;
    }

    @Override
    public boolean send(Frame frame) {
        return way.send(frame);
    }

    @Override
    public void renew(Optional<String> token) {
        way.renew(token);
    }

    @Override
    public void close(int code, String reason) {
        way.close();
    }

    private void poll(Place place, Duration wait) {
        // The server answers within the wait; well past it the request is lost.
        way.ask(
                way.request(address.poll(place, wait)).timeout(wait.plus(LATE)),
                HttpResponse.BodyHandlers.ofString(),
                answer -> polled(place, answer),
                fault -> way.end(End.absent(String.valueOf(fault))));
    }

    private void polled(Place place, HttpResponse<String> response) {
        if (response.statusCode() != 200) {
            way.end(End.refused(ParleyException.of(response.statusCode(), response.headers(), response.body())));
            return;
        }
        Optional<Frame> answer =
                Json.frame(response.body()).filter(each -> each.fields().get("frames") instanceof List<?>);
        if (answer.isEmpty()) {
            way.end(End.absent("something else than the server answers"));
            return;
        }
        List<Frame> frames = HttpWay.frames(answer);
        if (!greeted && frames.stream().noneMatch(frame -> frame.type().equals("connected"))) {
            sink.frame(Frame.ofType("connected").with("cursor", place.since()).with("polled", true));
        }
        greeted = true;
        for (Frame frame : frames) {
            if (!way.done()) {
                sink.frame(frame);
            }
        }
        if (frames.stream().anyMatch(frame -> frame.type().equals("disconnect"))) {
            // There is no closing to be seen here: the server's last word is the end.
            way.end(End.because("the server said goodbye"));
        }
        if (!way.done()) {
            sink.heard();
            poll(new Place(answer.flatMap(each -> each.text("cursor")).or(place::since), Map.of()), patience);
        }
    }
}
