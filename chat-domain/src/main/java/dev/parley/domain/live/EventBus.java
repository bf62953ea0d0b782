package dev.parley.domain.live;

import dev.parley.domain.Port;
import dev.parley.domain.Registration;
import java.util.function.Consumer;

/** Carries hints between nodes and within one. Safe for use by many threads. */
@Port
public interface EventBus {

    /**
     * Tells everybody who listens to {@code topic}, the publisher's own node too. Returns without waiting for them and never
     * throws because of a broker: a hint may be lost.
     */
    void publish(Topic topic, Hint hint);

    /**
     * Listens; hints of one publisher arrive in order, one at a time for each listener. When this returns, hints published from
     * now on arrive. A listener must be quick and not block; one that throws harms nobody else. Once the registration is closed
     * the listener is not called again.
     */
    Registration subscribe(Topic topic, Consumer<? super Hint> listener);
}
