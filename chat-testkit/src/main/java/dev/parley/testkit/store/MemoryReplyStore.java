package dev.parley.testkit.store;

import dev.parley.domain.access.UserId;
import dev.parley.domain.live.NodeId;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.Reply;
import dev.parley.domain.store.ReplyStore;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

final class MemoryReplyStore implements ReplyStore {
    private final Memory memory;

    MemoryReplyStore(Memory memory) {
        this.memory = memory;
    }

    @Override
    public Optional<Reply> find(MessageId id) {
        return memory.locked(() -> memory.reply(id));
    }

    @Override
    public List<Reply> unfinished() {
        return memory.locked(memory::replies);
    }

    @Override
    public Optional<Reply> claim(MessageId id, NodeId owner) {
        return memory.locked(() -> change(id, reply -> with(
                reply, owner, reply.fence() + 1, reply.stopRequestedBy(), reply.checkpoint())));
    }

    @Override
    public boolean checkpoint(MessageId id, long fence, long offset, String tail) {
        return memory.locked(() -> {
            Optional<Reply> reply = memory.reply(id);
            if (reply.isEmpty() || reply.get().fence() != fence) {
                return false;
            }
            int safe = reply.get().checkpoint().length();
            if (offset < 0 || offset > safe) {
                throw new IllegalArgumentException("Expected an offset of 0 to " + safe + ", found " + offset);
            }
            String text = reply.get().checkpoint().substring(0, (int) offset) + tail;
            return change(id, now -> with(now, now.owner(), now.fence(), now.stopRequestedBy(), text)).isPresent();
        });
    }

    @Override
    public boolean requestStop(MessageId id, UserId by) {
        return memory.locked(() -> change(id, reply -> with(
                reply,
                reply.owner(),
                reply.fence(),
                reply.stopRequestedBy().or(() -> Optional.of(by)),
                reply.checkpoint()))
                .isPresent());
    }

    private Optional<Reply> change(MessageId id, UnaryOperator<Reply> how) {
        Optional<Reply> changed = memory.reply(id).map(how);
        changed.ifPresent(reply -> memory.home(id).ifPresent(home -> home.put(reply)));
        return changed;
    }

    private static Reply with(Reply reply, NodeId owner, long fence, Optional<UserId> stop, String checkpoint) {
        return new Reply(
                reply.id(),
                reply.session(),
                reply.question(),
                reply.asker(),
                reply.requestedAt(),
                owner,
                fence,
                stop,
                checkpoint);
    }
}
