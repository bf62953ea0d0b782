package dev.parley.adapter.embedded.sqlite;

import dev.parley.domain.access.UserId;
import dev.parley.domain.live.NodeId;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.Reply;
import dev.parley.domain.store.ReplyStore;
import java.util.List;
import java.util.Optional;

final class SqliteReplyStore implements ReplyStore {
    private final Writer writer;
    private final Readers readers;

    SqliteReplyStore(Writer writer, Readers readers) {
        this.writer = writer;
        this.readers = readers;
    }

    @Override
    public Optional<Reply> find(MessageId id) {
        return readers.read(sql -> ReplyRows.find(sql, id));
    }

    @Override
    public List<Reply> unfinished() {
        return readers.read(ReplyRows::all);
    }

    @Override
    public List<Reply> unfinishedWithoutTexts() {
        return readers.read(ReplyRows::allWithoutTexts);
    }

    @Override
    public Optional<Reply> claim(MessageId id, NodeId owner) {
        return writer.write(tables -> {
            Optional<Long> n = ReplyRows.running(tables.sql(), id);
            n.ifPresent(reply -> tables.sql()
                    .update(
                            "UPDATE reply SET owner = ?, fence = fence + 1 WHERE message = ?", owner.value(), reply));
            return n.flatMap(reply -> ReplyRows.find(tables.sql(), id));
        });
    }

    /** {@inheritDoc} Nobody waits for it but who looks after the reply, so it goes behind what people wait for. */
    @Override
    public boolean checkpoint(MessageId id, long fence, long offset, String tail) {
        return writer.writeAtLeisure(tables -> ReplyRows.checkpoint(tables.sql(), id, fence, offset, tail));
    }

    @Override
    public boolean requestStop(MessageId id, UserId by) {
        return writer.write(tables -> {
            Optional<Long> n = ReplyRows.running(tables.sql(), id);
            n.ifPresent(reply -> tables.sql()
                    .update(
                            "UPDATE reply SET stop_requested_by = ? WHERE message = ? AND stop_requested_by IS NULL",
                            by.value(),
                            reply));
            return n.isPresent();
        });
    }
}
