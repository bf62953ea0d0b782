package dev.parley.adapter.embedded.memory;

import dev.parley.domain.Registration;
import dev.parley.domain.live.EventBus;
import dev.parley.domain.live.Hint;
import dev.parley.domain.live.Topic;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Hands every hint to the mailbox of each listener; mailboxes empty themselves on threads of their own. */
final class MemoryEventBus implements EventBus, AutoCloseable {

    private final ConcurrentHashMap<Topic, Set<HintMailbox>> mailboxes = new ConcurrentHashMap<>();

    @Override
    public void publish(Topic topic, Hint hint) {
        for (HintMailbox mailbox : mailboxes.getOrDefault(topic, Set.of())) {
            mailbox.offer(hint);
        }
    }

    @Override
    public Registration subscribe(Topic topic, Consumer<? super Hint> listener) {
        HintMailbox mailbox = new HintMailbox(listener);
        mailboxes.compute(topic, (key, present) -> {
            Set<HintMailbox> set = present == null ? ConcurrentHashMap.newKeySet(1) : present;
            set.add(mailbox);
            return set;
        });
        return () -> {
            mailboxes.computeIfPresent(topic, (key, present) -> {
                present.remove(mailbox);
                return present.isEmpty() ? null : present;
            });
            mailbox.close();
        };
    }

    @Override
    public void close() {
        for (Set<HintMailbox> all : mailboxes.values()) {
            for (HintMailbox mailbox : all) {
                mailbox.close();
            }
        }
        mailboxes.clear();
    }
}
