package dev.parley.client;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Server-sent events. */
final class EventsTransport implements Transport {

    private final Loop loop;
    private final Sink sink;
    private final HttpWay way;
    private final Address address;
    private final Supplier<Place> place;
    private CompletableFuture<?> reading;
    private int streams;

    /** @param place where to resume, asked whenever a stream is opened */
    EventsTransport(Loop loop, HttpWay way, Address address, Supplier<Place> place, Sink sink) {
        this.loop = loop;
        this.way = way;
        this.address = address;
        this.place = place;
        this.sink = sink;
        this.reading = open();
    }

    @Override
    public Kind kind() {
        return Kind.EVENTS;
    }

    @Override
    public boolean send(Frame frame) {
        return way.send(frame);
    }

    /** Reads on in a new stream, which the new token opens; requests under way are left alone. */
    @Override
    public void renew(Optional<String> token) {
        way.renew(token);
        CompletableFuture<?> old = reading;
        reading = open();
        old.cancel(true);
    }

    @Override
    public void close(int code, String reason) {
        way.close();
    }

    private CompletableFuture<?> open() {
        streams++;
        int mine = streams;
        EventParser parser = new EventParser(data -> event(mine, data));
        return way.ask(
                way.request(address.events(place.get())).header("Accept", "text/event-stream"),
                info -> info.statusCode() == 200
                        ? HttpResponse.BodySubscribers.mapping(
                                HttpResponse.BodySubscribers.ofByteArrayConsumer(
                                        piece -> piece.ifPresent(bytes -> loop.run(() -> read(mine, parser, bytes)))),
                                none -> "")
                        : HttpResponse.BodySubscribers.ofString(StandardCharsets.UTF_8),
                answer -> end(mine, answer.statusCode() == 200
                        ? End.because("the stream ended")
                        : End.refused(ParleyException.of(answer.statusCode(), answer.headers(), answer.body()))),
                fault -> end(mine, End.absent(String.valueOf(fault))));
    }

    /** Whether what came is of the stream that is read now. */
    private boolean current(int mine) {
        return mine == streams && !way.done();
    }

    private void end(int mine, End end) {
        if (current(mine)) {
            way.end(end);
        }
    }

    private void read(int mine, EventParser parser, byte[] piece) {
        if (!current(mine)) {
            return;
        }
        sink.heard();
        try {
            parser.push(piece);
        } catch (IllegalArgumentException endless) {
            end(mine, End.because(String.valueOf(endless.getMessage())));
        }
    }

    private void event(int mine, String data) {
        if (current(mine)) {
            Json.frame(data).ifPresent(frame -> sink.frame(mine > 1 ? renewed(frame) : frame));
        }
    }

    /** To whom the stream is not the first, it is the same connection with another token. */
    private static Frame renewed(Frame frame) {
        return frame.type().equals("connected")
                ? Frame.ofType("refreshed")
                        .with("expires_at", frame.text("expires_at"))
                        .with("server_time", frame.text("server_time"))
                : frame;
    }
}
