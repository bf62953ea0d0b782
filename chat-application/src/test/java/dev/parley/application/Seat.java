package dev.parley.application;

import dev.parley.application.command.Outcome;
import dev.parley.application.event.Event;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.SessionId;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** A client in front of a screen: it keeps its view when its connection goes, and comes back from where it was. */
final class Seat implements AutoCloseable {
    final Person person;
    final View view = new View();
    private Link link;
    private AtomicBoolean wire;

    Seat(Person person) {
        this.person = person;
        this.wire = new AtomicBoolean(true);
        this.link = open(wire);
    }

    private Link open(AtomicBoolean connected) {
        return person.engine().connect(person.caller(), event -> {
            synchronized (view) {
                if (connected.get()) {
                    view.take(event);
                }
            }
        });
    }

    Link link() {
        return link;
    }

    Following follow(String session) {
        return Stage.done(tryFollow(session));
    }

    Outcome<Following> tryFollow(String session) {
        return link.follow(new SessionId(session), new Link.From.Now());
    }

    Following followFrom(String session, long position, Map<MessageId, Long> shown) {
        view.startAt(position);
        return Stage.done(link.follow(new SessionId(session), new Link.From.Position(position, shown)));
    }

    /** The connection is lost; what comes through it from now on is seen by nobody. */
    void drops() {
        synchronized (view) {
            wire.set(false);
        }
        link.close();
    }

    /** Comes back on a new connection, at whatever node, with what the client knows. */
    Following comesBack(String session) {
        return comesBack(person.engine(), session);
    }

    Following comesBack(ChatEngine node, String session) {
        wire = new AtomicBoolean(true);
        AtomicBoolean connected = wire;
        link = node.connect(person.caller(), event -> {
            synchronized (view) {
                if (connected.get()) {
                    view.take(event);
                }
            }
        });
        return Stage.done(link.follow(new SessionId(session), new Link.From.Position(view.position(), view.shown())));
    }

    void awaitPosition(long position) {
        Wait.until(
                () -> "change " + position + " is told, found " + view.position(),
                () -> view.position() >= position);
    }

    Event.SessionLost awaitLoss() {
        return view.await(Event.SessionLost.class);
    }

    @Override
    public void close() {
        drops();
    }
}
