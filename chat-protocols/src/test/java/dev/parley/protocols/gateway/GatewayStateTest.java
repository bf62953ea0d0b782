package dev.parley.protocols.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.SessionId;
import dev.parley.protocols.Handshake;
import dev.parley.protocols.connection.Arrival;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GatewayStateTest {

    private static final SessionId ELSEWHERE = new SessionId("elsewhere");

    private final GatewayState state = new GatewayState(
            new Handshake(new ConnectionId("c1"), Arrival.STRANGER, Map.of(), Map.of(), List.of()));

    @Test
    void replies_whose_end_is_never_told_here_are_forgotten_in_the_end() {
        for (int i = 0; i < 1_001; i++) {
            state.runs(new MessageId("r" + i), ELSEWHERE);
        }
        assertThat(state.runsIn(new MessageId("r0"))).isEmpty();
        assertThat(state.runsIn(new MessageId("r1"))).contains(ELSEWHERE);
        assertThat(state.runsIn(new MessageId("r1000"))).contains(ELSEWHERE);
    }
}
