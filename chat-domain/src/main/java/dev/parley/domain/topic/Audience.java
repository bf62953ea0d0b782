package dev.parley.domain.topic;

import dev.parley.domain.access.UserId;
import java.util.Set;

/** Who may be told what is published to a topic. */
public sealed interface Audience {

    /** Everybody who is signed in: what a topic has until somebody says otherwise. */
    record Everybody() implements Audience {}

    /** These alone; nobody when there are none. */
    record Only(Set<UserId> users) implements Audience {

        public static final int MAX_USERS = 1000;

        public Only {
            users = Set.copyOf(users);
            if (users.size() > MAX_USERS) {
                throw new IllegalArgumentException(
                        "Expected an audience of at most " + MAX_USERS + " users, found " + users.size());
            }
        }
    }
}
