package dev.parley.client;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Flow;

/** Server-sent events. */
final class EventsTransport implements Transport {

    private final Loop loop;
    private final Sink sink;
    private final HttpWay way;

    EventsTransport(Loop loop, HttpWay way, Address address, Place place, Sink sink) {
        this.loop = loop;
        this.way = way;
        this.sink = sink;
        way.ask(
                way.request(address.events(place)).header("Accept", "text/event-stream"),
                info -> info.statusCode() == 200
                        ? HttpResponse.BodySubscribers.mapping(HttpResponse.BodySubscribers.fromLineSubscriber(new Reader()),
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

    /** Takes the lines of an event stream; only {@code data} matters, positions are kept by the client itself. */
    private final class Reader implements Flow.Subscriber<String> {

        private final StringBuilder data = new StringBuilder();
        private boolean some;

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String line) {
            if (line.startsWith("data:")) {
                data.append(some ? "\n" : "").append(line, line.startsWith("data: ") ? 6 : 5, line.length());
                some = true;
            } else if (line.isEmpty() && some) {
                String event = data.toString();
                data.setLength(0);
                some = false;
                tell(() -> Json.frame(event).ifPresentOrElse(sink::frame, sink::heard));
            } else {
                tell(sink::heard);
            }
        }

        private void tell(Runnable what) {
            loop.run(() -> {
                if (!way.done()) {
                    what.run();
                }
            });
        }

        @Override
        public void onError(Throwable fault) {
            loop.run(() -> way.end(End.because("the stream broke")));
        }

        @Override
        public void onComplete() {
            loop.run(() -> way.end(End.because("the stream ended")));
        }
    }
}
