package dev.parley.application.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.adapter.embedded.memory.LiveMemory;
import dev.parley.domain.Page;
import dev.parley.domain.PageRequest;
import dev.parley.domain.access.UserId;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.live.ConnectionInfo;
import dev.parley.domain.live.ConnectionRegistry;
import dev.parley.domain.live.NodeId;
import dev.parley.testkit.live.ConnectionRegistryContract;
import dev.parley.testkit.live.LiveFixture;
import dev.parley.testkit.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** It is a registry like every other as long as the others can be asked, and goes on with this node's connections when not. */
final class OwnConnectionsTest extends ConnectionRegistryContract {

    private static final UserId ANA = new UserId("ana");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Override
    protected LiveFixture<ConnectionRegistry> fixture() {
        ManualTime time = new ManualTime();
        LiveMemory memory = LiveMemory.create(time, time);
        ConnectionRegistry port = new OwnConnections(memory.connections(), new Standing("registry", event -> {}));
        ConnectionRegistry peer = new OwnConnections(memory.connections(), new Standing("registry", event -> {}));
        return new LiveFixture<>() {
            @Override
            public ConnectionRegistry port() {
                return port;
            }

            @Override
            public ConnectionRegistry peer() {
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
    void while_the_others_cannot_be_asked_this_nodes_connections_are_known() {
        ConnectionRegistry registry = new OwnConnections(new Away(), new Standing("registry", event -> {}));
        ConnectionInfo late = connection("1", 20);
        ConnectionInfo early = connection("2", 10);
        registry.put(late);
        registry.put(early);
        registry.touch(late.id(), NOW);
        assertThat(registry.all(PageRequest.first())).isEqualTo(new Page<>(java.util.List.of(early, late), 2));
        assertThat(registry.all(new PageRequest(1, 5)).items()).containsExactly(late);
        assertThat(registry.countOf(ANA)).isEqualTo(2);
        registry.remove(late.id());
        assertThat(registry.countOf(ANA)).isEqualTo(1);
    }

    private static ConnectionInfo connection(String id, int openedAfter) {
        return new ConnectionInfo(
                new ConnectionId(id),
                new NodeId("node"),
                Optional.empty(),
                ANA,
                "chat",
                NOW.plusSeconds(openedAfter),
                NOW.plusSeconds(openedAfter),
                true);
    }

    private static final class Away implements ConnectionRegistry {

        @Override
        public void put(ConnectionInfo connection) {
            throw away();
        }

        @Override
        public void touch(ConnectionId id, Instant lastPing) {
            throw away();
        }

        @Override
        public void remove(ConnectionId id) {
            throw away();
        }

        @Override
        public int countOf(UserId user) {
            throw away();
        }

        @Override
        public Page<ConnectionInfo> all(PageRequest request) {
            throw away();
        }

        private static UnavailableException away() {
            return new UnavailableException("Scripted to be away");
        }
    }
}
