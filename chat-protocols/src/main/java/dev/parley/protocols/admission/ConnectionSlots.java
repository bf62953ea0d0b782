package dev.parley.protocols.admission;

import dev.parley.domain.Registration;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.session.ClientInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToIntFunction;

/**
 * How many connections this node takes, in all, of one user and of strangers. Who is anonymous can be somebody else at any time: all
 * anonymous users of one address together have as many as one user, and so have all strangers. Safe for use by many threads.
 */
public final class ConnectionSlots {

    /** What asking for a place leads to. */
    public sealed interface Place {

        /** There was one; it is free again once {@code release} is closed. */
        record Taken(Registration release) implements Place {}

        record NodeFull() implements Place {}

        record UserFull() implements Place {}

        /** There will be none any more: the server ends. */
        record Ending() implements Place {}
    }

    /** Whose places are counted together. */
    private record Holder(Kind kind, String name) {
        enum Kind {
            USER,
            ADDRESS,
            STRANGERS_OF_ADDRESS
        }
    }

    private static final int STRANGERS = 100;

    private final int perNode;
    private final int perUser;
    private final int strangers;
    private final ToIntFunction<UserId> everywhere;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Holder, Integer> ofHolders = new HashMap<>();
    private int taken;
    private int ofStrangers;
    private boolean ending;

    public ConnectionSlots(int perNode, int perUser) {
        this(perNode, perUser, Math.min(perNode, STRANGERS));
    }

    /** {@code strangers} how many there may be that have not said yet who they are */
    public ConnectionSlots(int perNode, int perUser, int strangers) {
        this(perNode, perUser, strangers, user -> 0);
    }

    private ConnectionSlots(int perNode, int perUser, int strangers, ToIntFunction<UserId> everywhere) {
        this.perNode = perNode;
        this.perUser = perUser;
        this.strangers = strangers;
        this.everywhere = everywhere;
    }

    /**
     * As many places as these, none of them taken, where a user's connections to other nodes count too.
     *
     * @param connections how many a user has on all nodes, this one counted, as far as is known; may block. Those that open on two
     *     nodes at the same moment do not know of each other
     */
    public ConnectionSlots countingEverywhere(ToIntFunction<UserId> connections) {
        return new ConnectionSlots(perNode, perUser, strangers, connections);
    }

    /** A place for somebody who has not said yet who it is; empty when there is none. */
    public Optional<Stranger> stranger(ClientInfo client) {
        List<Holder> holders = holders(Holder.Kind.STRANGERS_OF_ADDRESS, client);
        lock.lock();
        try {
            if (ending || taken >= perNode || ofStrangers >= strangers || full(holders)) {
                return Optional.empty();
            }
            taken++;
            ofStrangers++;
            add(holders);
            return Optional.of(new Stranger(client, holders));
        } finally {
            lock.unlock();
        }
    }

    /** Asks for a place for {@code who}, which comes from where {@code client} is. */
    public Place take(Principal who, ClientInfo client) {
        List<Holder> holders = holders(who, client);
        boolean fullElsewhere = everywhere.applyAsInt(who.user()) >= perUser;
        lock.lock();
        try {
            if (ending) {
                return new Place.Ending();
            }
            if (taken >= perNode) {
                return new Place.NodeFull();
            }
            if (fullElsewhere || full(holders)) {
                return new Place.UserFull();
            }
            taken++;
            add(holders);
            return new Place.Taken(new Release(holders));
        } finally {
            lock.unlock();
        }
    }

    /** Gives no places from now on; who has one keeps it. */
    public void giveNoMore() {
        lock.lock();
        try {
            ending = true;
        } finally {
            lock.unlock();
        }
    }

    public int taken() {
        lock.lock();
        try {
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private static List<Holder> holders(Principal who, ClientInfo client) {
        List<Holder> holders = new ArrayList<>();
        holders.add(new Holder(Holder.Kind.USER, who.user().value()));
        if (who.anonymous()) {
            holders.addAll(holders(Holder.Kind.ADDRESS, client));
        }
        return List.copyOf(holders);
    }

    /** Nobody where no address is known. */
    private static List<Holder> holders(Holder.Kind kind, ClientInfo client) {
        return client.network().isEmpty() ? List.of() : List.of(new Holder(kind, client.network()));
    }

    private boolean full(List<Holder> holders) {
        return holders.stream().anyMatch(holder -> ofHolders.getOrDefault(holder, 0) >= perUser);
    }

    private void add(List<Holder> holders) {
        holders.forEach(holder -> ofHolders.merge(holder, 1, Integer::sum));
    }

    private void remove(List<Holder> holders) {
        holders.forEach(
                holder -> ofHolders.computeIfPresent(holder, (same, count) -> count == 1 ? null : count - 1));
    }

    /** The place of somebody who came as a stranger; free again once closed. */
    public final class Stranger implements Registration {
        private final ClientInfo client;
        private List<Holder> holders;
        private boolean known;
        private boolean released;

        private Stranger(ClientInfo client, List<Holder> holders) {
            this.client = client;
            this.holders = holders;
        }

        /** Makes it the place of a user. It stays the same user's. */
        public Place become(Principal who) {
            List<Holder> users = holders(who, client);
            boolean fullElsewhere = everywhere.applyAsInt(who.user()) >= perUser;
            lock.lock();
            try {
                if (known || released) {
                    return new Place.Taken(this);
                }
                if (fullElsewhere || full(users)) {
                    return new Place.UserFull();
                }
                add(users);
                remove(holders);
                ofStrangers--;
                known = true;
                holders = users;
                return new Place.Taken(this);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                if (released) {
                    return;
                }
                released = true;
                taken--;
                ofStrangers -= known ? 0 : 1;
                remove(holders);
            } finally {
                lock.unlock();
            }
        }
    }

    private final class Release implements Registration {
        private final List<Holder> holders;
        private boolean released;

        Release(List<Holder> holders) {
            this.holders = holders;
        }

        @Override
        public void close() {
            lock.lock();
            try {
                if (!released) {
                    released = true;
                    taken--;
                    remove(holders);
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
