package dev.parley.adapter.embedded.memory;

import dev.parley.domain.Registration;
import dev.parley.domain.live.EventBus;
import dev.parley.domain.live.Hint;
import dev.parley.domain.live.Topic;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Hands every hint to the mailbox of each listener; mailboxes empty themselves on threads of their own. */
final class MemoryEventBus implements EventBus, AutoCloseable {

    // Most topics have one listener, so what holds them is made anew when it changes.
    private final ConcurrentHashMap<Topic, List<HintMailbox>> mailboxes = new ConcurrentHashMap<>();

    @Override
    public void publish(Topic topic, Hint hint) {
        for (HintMailbox mailbox : mailboxes.getOrDefault(topic, List.of())) {
            mailbox.offer(hint);
        }
    }

    @Override
    public Registration subscribe(Topic topic, Consumer<? super Hint> listener) {
        HintMailbox mailbox = new HintMailbox(listener);
        mailboxes.merge(topic, List.of(mailbox), MemoryEventBus::both);
        return () -> {
            mailboxes.computeIfPresent(topic, (key, present) -> without(mailbox, present));
            mailbox.close();
        };
    }

    private static List<HintMailbox> both(List<HintMailbox> some, List<HintMailbox> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    private static @Nullable List<HintMailbox> without(HintMailbox gone, List<HintMailbox> all) {
        List<HintMailbox> rest = all.stream().filter(other -> !other.equals(gone)).toList();
        return rest.isEmpty() ? null : rest;
    }

    @Override
    public void close() {
        for (List<HintMailbox> all : mailboxes.values()) {
            for (HintMailbox mailbox : all) {
                mailbox.close();
            }
        }
        mailboxes.clear();
    }
}
