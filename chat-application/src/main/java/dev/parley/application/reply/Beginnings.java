package dev.parley.application.reply;

import dev.parley.domain.error.ChatException;
import dev.parley.domain.live.NodeId;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.Reply;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * The replies of this node whose beginning is on its way into the store, and those of which the store has not said whether it took
 * them: who asked was told that the store is away, and asks again. Should one be found there after all it begins late, so that who
 * asks again sees it run.
 */
final class Beginnings {

    private static final System.Logger LOG = System.getLogger(Beginnings.class.getName());

    /** At how many looks in a row one must not be found: longer than what was sent to a store is on its way. */
    private static final int LOOKS = 30;

    /** So many are looked for at most: while a store is away for long, those that it may have taken came first. */
    private static final int MOST = 10_000;

    private final NodeId node;
    private final Map<MessageId, Beginning> open = new ConcurrentHashMap<>();

    /**
     * @param late begins what was found; false when that is to be tried again. Empty as long as the store may answer
     * @param looks at how many looks it was not there
     */
    private record Beginning(Optional<Predicate<Reply>> late, int looks) {

        static final Beginning STORING = new Beginning(Optional.empty(), 0);
    }

    Beginnings(NodeId node) {
        this.node = node;
    }

    /** Says that a step is taken that may store it. */
    void storing(MessageId reply) {
        open.put(reply, Beginning.STORING);
    }

    /** Says that it has its turn, or that it was not stored. */
    void over(MessageId reply) {
        open.remove(reply);
    }

    /**
     * Says that the store did not answer.
     *
     * @param late begins what was found; false when that is to be tried again
     */
    void unanswered(MessageId reply, Predicate<Reply> late) {
        if (open.size() > MOST) {
            open.remove(reply);
        } else {
            open.put(reply, new Beginning(Optional.of(late), 0));
        }
    }

    /** Whether a record without a turn is one that this node is to see to. */
    boolean has(MessageId reply) {
        return open.containsKey(reply);
    }

    /**
     * @param records of all replies that have not ended
     * @param enough whether this look has taken long: what is left is for the next
     */
    void look(Map<MessageId, Reply> records, BooleanSupplier enough) {
        open.forEach((reply, beginning) -> beginning.late().ifPresent(late -> {
            Optional<Reply> record = Optional.ofNullable(records.get(reply));
            if (record.isEmpty()) {
                missed(reply, beginning);
            } else if (!record.get().owner().equals(node)
                    || !enough.getAsBoolean() && begun(record.get(), late)
                    || record.get().stopRequestedBy().isPresent()) {
                // One that is to be stopped before there is room for it is nobody's now, and is ended so.
                open.remove(reply);
            }
        }));
    }

    private void missed(MessageId reply, Beginning beginning) {
        int looks = beginning.looks() + 1;
        if (looks < LOOKS) {
            open.put(reply, new Beginning(beginning.late(), looks));
        } else {
            open.remove(reply);
        }
    }

    /** One that cannot begin just now keeps no other from it. */
    private static boolean begun(Reply record, Predicate<Reply> late) {
        try {
            boolean begun = late.test(record);
            if (begun) {
                LOG.log(System.Logger.Level.INFO, "reply={0} was stored without an answer and begins late", record.id());
            }
            return begun;
        } catch (ChatException away) {
            LOG.log(System.Logger.Level.WARNING, "reply=" + record.id() + " cannot begin yet", away);
            return false;
        }
    }
}
