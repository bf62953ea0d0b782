package dev.parley.adapter.embedded.sqlite;

import dev.parley.domain.message.Author;
import dev.parley.domain.message.ClientKey;
import dev.parley.domain.message.Message;
import dev.parley.domain.session.Session;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A session as the database knows it.
 *
 * @param n its number inside
 * @param messages how many messages are in it, deleted ones too
 * @param newest the newest of its recent messages, if it has any
 */
record Known(long n, Session session, long messages, @Nullable Recent newest) {

    /**
     * A message that {@code message_place} and {@code message_client} do not name yet.
     *
     * @param sender who sent it under which name, if a client named it
     * @param hash the sender's, 0 if there is none: nearly every look at one is in vain and should touch little memory
     * @param older the recent message before it
     * @param count how many recent messages there are with this one
     */
    record Recent(long n, Optional<ClientKey> sender, int hash, @Nullable Recent older, int count) {
        static Recent after(@Nullable Recent older, long n, Message message) {
            Optional<ClientKey> sender = message.author() instanceof Author.Person person
                    ? message.clientId().map(clientId -> new ClientKey(person.user(), clientId))
                    : Optional.empty();
            int hash = sender.map(ClientKey::hashCode).orElse(0);
            return new Recent(n, sender, hash, older, older == null ? 1 : older.count() + 1);
        }
    }

    Known with(Session now) {
        return new Known(n, now, messages, newest);
    }

    /** The number of the newest recent message that was sent so. */
    Optional<Long> recentlySent(ClientKey key) {
        int hash = key.hashCode();
        for (Recent recent = newest; recent != null; recent = recent.older()) {
            if (recent.hash() == hash && recent.sender().filter(key::equals).isPresent()) {
                return Optional.of(recent.n());
            }
        }
        return Optional.empty();
    }
}
