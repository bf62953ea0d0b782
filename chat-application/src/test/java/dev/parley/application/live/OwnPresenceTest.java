package dev.parley.application.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.parley.adapter.embedded.memory.LiveMemory;
import dev.parley.domain.access.UserId;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.live.Presence;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.telemetry.TelemetryEvent;
import dev.parley.testkit.live.LiveFixture;
import dev.parley.testkit.live.PresenceContract;
import dev.parley.testkit.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** It is a presence like every other as long as the others can be asked, and goes on with this node's people when not. */
final class OwnPresenceTest extends PresenceContract {

    private static final SessionId ROOM = new SessionId("room");
    private static final Presence.Present ANA = new Presence.Present(ROOM, new UserId("ana"), "Ana");
    private static final Presence.Present BEN = new Presence.Present(ROOM, new UserId("ben"), "Ben");
    private static final Duration LONG = Duration.ofMinutes(5);

    @Override
    protected LiveFixture<Presence> fixture() {
        ManualTime time = new ManualTime();
        LiveMemory memory = LiveMemory.create(time, time);
        Presence port = new OwnPresence(memory.presence(), new Standing("presence", event -> {}));
        Presence peer = new OwnPresence(memory.presence(), new Standing("presence", event -> {}));
        return new LiveFixture<>() {
            @Override
            public Presence port() {
                return port;
            }

            @Override
            public Presence peer() {
                return peer;
            }

            @Override
            public void advance(Duration step) {
                time.advance(step);
            }

            @Override
            public void close() {
                memory.close();
            }
        };
    }

    @Test
    void while_the_others_cannot_be_asked_this_nodes_people_are_known() {
        List<TelemetryEvent> told = new ArrayList<>();
        Away everywhere = new Away();
        Presence presence = new OwnPresence(everywhere, new Standing("presence", told::add));
        everywhere.there = false;
        assertThat(presence.enter(BEN, new ConnectionId("1"), LONG)).isTrue();
        assertThat(presence.enter(ANA, new ConnectionId("2"), LONG)).isTrue();
        assertThat(presence.enter(ANA, new ConnectionId("3"), LONG)).isFalse();
        assertThat(presence.in(ROOM)).containsExactly(ANA, BEN);
        assertThat(presence.leave(ANA, new ConnectionId("2"))).isFalse();
        assertThat(presence.leave(ANA, new ConnectionId("3"))).isTrue();
        assertThat(presence.in(ROOM)).containsExactly(BEN);
        presence.sweep(gone -> fail("Expected that nobody is gone, found " + gone));
        assertThat(told).containsExactly(new TelemetryEvent.DependencyChanged("presence", false));

        everywhere.there = true;
        assertThat(presence.enter(BEN, new ConnectionId("1"), LONG)).as("news for the others").isTrue();
        assertThat(told).last().isEqualTo(new TelemetryEvent.DependencyChanged("presence", true));
    }

    /** A presence that can be away and knows nothing. */
    private static final class Away implements Presence {
        private boolean there = true;

        @Override
        public boolean enter(Present who, ConnectionId connection, Duration ttl) {
            return look(true);
        }

        @Override
        public boolean leave(Present who, ConnectionId connection) {
            return look(true);
        }

        @Override
        public List<Present> in(SessionId session) {
            return look(List.of());
        }

        @Override
        public void sweep(Consumer<? super Present> told) {
            look(List.<Present>of()).forEach(told);
        }

        private <T> T look(T answer) {
            if (!there) {
                throw new UnavailableException("Scripted to be away");
            }
            return answer;
        }
    }
}
