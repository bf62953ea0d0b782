package dev.parley.testkit.store;

import dev.parley.domain.Page;
import dev.parley.domain.PageRequest;
import dev.parley.domain.message.ClientKey;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.Version;
import dev.parley.domain.message.Words;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.MessageStore;
import dev.parley.domain.store.Slice;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

final class MemoryMessageStore implements MessageStore {
    private final Memory memory;

    MemoryMessageStore(Memory memory) {
        this.memory = memory;
    }

    @Override
    public Optional<Message> find(MessageId id) {
        return memory.locked(() -> memory.message(id));
    }

    @Override
    public Optional<Message> sentAs(SessionId session, ClientKey key) {
        return memory.locked(() -> memory.conversation(session).flatMap(conversation -> sentAs(conversation, key)));
    }

    static Optional<Message> sentAs(Conversation conversation, ClientKey key) {
        return newestFirst(conversation.messages()).stream()
                .filter(message -> message.author().is(key.user())
                        && message.clientId().equals(Optional.of(key.clientId())))
                .findFirst();
    }

    private static List<Message> newestFirst(List<Message> messages) {
        List<Message> reversed = new ArrayList<>(messages);
        Collections.reverse(reversed);
        return reversed;
    }

    private List<Message> messages(SessionId session) {
        return memory.conversation(session).map(Conversation::messages).orElse(List.of());
    }

    @Override
    public Page<Message> page(SessionId session, Slice slice) {
        return memory.locked(() -> {
            List<Message> all = messages(session);
            List<Message> part = switch (slice) {
                case Slice.Newest newest -> newest(all, newest.limit());
                case Slice.FromOldest(long offset, int limit) -> all.stream().skip(offset).limit(limit).toList();
                case Slice.Before(MessageId id, int limit) -> newest(all.subList(0, Math.max(0, index(all, id))), limit);
                case Slice.After(MessageId id, int limit) -> index(all, id) < 0
                        ? List.<Message>of()
                        : all.stream().skip(index(all, id) + 1L).limit(limit).toList();
            };
            return new Page<>(part, all.size());
        });
    }

    private static List<Message> newest(List<Message> all, int limit) {
        return all.subList(Math.max(0, all.size() - limit), all.size());
    }

    private static int index(List<Message> all, MessageId id) {
        return all.stream().map(Message::id).toList().indexOf(id);
    }

    @Override
    public List<Message> context(SessionId session, long until, int limit) {
        return memory.locked(() -> {
            List<Message> readable = messages(session).stream()
                    .filter(message -> message.position() <= until && !message.deleted() && !message.running())
                    .filter(message -> message.reply().flatMap(facts -> facts.supersededBy()).isEmpty())
                    .toList();
            return newest(readable, limit);
        });
    }

    @Override
    public Page<Message> thread(MessageId root, PageRequest request) {
        return memory.locked(() -> {
            Set<MessageId> family = new HashSet<>(Set.of(root));
            List<Message> all = memory.home(root).map(Conversation::messages).orElse(List.of());
            boolean grown = true;
            while (grown) {
                grown = false;
                for (Message message : all) {
                    grown |= message.parent().filter(family::contains).isPresent() && family.add(message.id());
                }
            }
            family.remove(root);
            return MemorySessionStore.part(
                    all.stream().filter(message -> family.contains(message.id())).toList(), request);
        });
    }

    @Override
    public Page<Message> search(SessionId session, String query, PageRequest request) {
        List<String> wanted = Words.of(query);
        if (wanted.isEmpty()) {
            return new Page<>(List.of(), 0);
        }
        return memory.locked(() -> MemorySessionStore.part(
                newestFirst(messages(session)).stream()
                        .filter(message -> !message.deleted() && says(Words.of(message.content()), wanted))
                        .toList(),
                request));
    }

    private static boolean says(List<String> words, List<String> wanted) {
        String last = wanted.get(wanted.size() - 1);
        return words.containsAll(wanted.subList(0, wanted.size() - 1))
                && words.stream().anyMatch(word -> word.startsWith(last));
    }

    @Override
    public List<Version> versions(MessageId id) {
        return memory.locked(() -> memory.home(id).map(home -> home.versions(id)).orElse(List.of()));
    }
}
