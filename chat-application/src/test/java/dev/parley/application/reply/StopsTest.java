package dev.parley.application.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.parley.application.Ports;
import dev.parley.application.command.Ask;
import dev.parley.domain.access.UserId;
import dev.parley.domain.live.NodeId;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.Reply;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.ReplyStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class StopsTest {

    private static final NodeId NODE = new NodeId("node");
    private static final UserId ANA = new UserId("ana");

    private final Map<MessageId, Turn> turns = new LinkedHashMap<>();
    private final List<MessageId> ended = new ArrayList<>();

    @Test
    void what_waits_is_ended_before_what_it_waits_for() {
        List<Reply> replies = List.of(asked("runs"), asked("waits"), asked("waits-too"));
        assertThat(stops().stop(replies, ANA)).containsExactlyElementsOf(replies.stream().map(Reply::id).toList());
        assertThat(ended).containsExactlyElementsOf(replies.reversed().stream().map(Reply::id).toList());
    }

    private Stops stops() {
        ReplyStore store = mock(ReplyStore.class);
        when(store.requestStop(any(), any())).thenReturn(true);
        Ports ports = mock(Ports.class);
        when(ports.replies()).thenReturn(store);
        return new Stops(NODE, ports, turns, turn -> {
            ended.add(turn.id());
            turn.ended().complete(null);
        });
    }

    private Reply asked(String name) {
        Reply reply = Reply.requested(
                new MessageId(name), new SessionId("room"), new MessageId("question"), ANA, Instant.EPOCH, NODE);
        turns.put(reply.id(), new Turn(reply, turns.size() + 1, 1, Ask.PLAINLY, false, Set.of()));
        return reply;
    }
}
