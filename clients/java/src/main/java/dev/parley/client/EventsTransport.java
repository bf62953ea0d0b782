package dev.parley.client;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Server-sent events. */
final class EventsTransport implements Transport {

    private final Sink sink;
    private final HttpWay way;

    EventsTransport(Loop loop, HttpWay way, Address address, Place place, Sink sink) {
        this.way = way;
        this.sink = sink;
        EventParser parser = new EventParser(this::event);
        way.ask(
                way.request(address.events(place)).header("Accept", "text/event-stream"),
                info -> info.statusCode() == 200
                        ? HttpResponse.BodySubscribers.mapping(
                                HttpResponse.BodySubscribers.ofByteArrayConsumer(
                                        piece -> piece.ifPresent(bytes -> loop.run(() -> read(parser, bytes)))),
                                none -> "")
                        : HttpResponse.BodySubscribers.ofString(StandardCharsets.UTF_8),
                answer -> way.end(answer.statusCode() == 200
                        ? End.because("the stream ended")
                        : End.refused(ParleyException.of(answer.statusCode(), answer.headers(), answer.body()))),
                fault -> way.end(End.absent(String.valueOf(fault))));
    }

    @Override
    public Kind kind() {
        return Kind.EVENTS;
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

    private void read(EventParser parser, byte[] piece) {
        if (way.done()) {
            return;
        }
        sink.heard();
        try {
            parser.push(piece);
        } catch (IllegalArgumentException endless) {
            way.end(End.because(String.valueOf(endless.getMessage())));
        }
    }

    private void event(String data) {
        if (!way.done()) {
            Json.frame(data).ifPresent(sink::frame);
        }
    }
}
