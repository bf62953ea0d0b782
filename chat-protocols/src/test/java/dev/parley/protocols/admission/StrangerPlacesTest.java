package dev.parley.protocols.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.session.ClientInfo;
import org.junit.jupiter.api.Test;

class StrangerPlacesTest {

    private static final Principal ANN = Principal.trusted(new UserId("ann"));

    @Test
    void strangers_are_few_and_count_as_everybody() {
        ConnectionSlots slots = new ConnectionSlots(3, 3, 2);
        ConnectionSlots.Stranger first = slots.stranger(ClientInfo.UNKNOWN).orElseThrow();
        assertThat(slots.stranger(ClientInfo.UNKNOWN)).isPresent();
        assertThat(slots.stranger(ClientInfo.UNKNOWN)).isEmpty();
        slots.take(ANN, ClientInfo.UNKNOWN);
        assertThat(slots.take(ANN, ClientInfo.UNKNOWN)).isEqualTo(new ConnectionSlots.Place.NodeFull());
        first.close();
        first.close();
        assertThat(slots.taken()).isEqualTo(2);
        assertThat(slots.stranger(ClientInfo.UNKNOWN)).isPresent();
        assertThat(slots.stranger(ClientInfo.UNKNOWN)).isEmpty();
    }

    @Test
    void a_stranger_becomes_a_user_and_makes_room_for_strangers() {
        ConnectionSlots slots = new ConnectionSlots(10, 1, 1);
        ConnectionSlots.Stranger first = slots.stranger(ClientInfo.UNKNOWN).orElseThrow();
        assertThat(first.become(ANN)).isInstanceOf(ConnectionSlots.Place.Taken.class);
        assertThat(first.become(ANN)).isInstanceOf(ConnectionSlots.Place.Taken.class);
        ConnectionSlots.Stranger second = slots.stranger(ClientInfo.UNKNOWN).orElseThrow();
        assertThat(second.become(ANN)).isEqualTo(new ConnectionSlots.Place.UserFull());
        first.close();
        assertThat(second.become(ANN)).isInstanceOf(ConnectionSlots.Place.Taken.class);
        second.close();
        assertThat(slots.taken()).isZero();
        assertThat(slots.take(ANN, ClientInfo.UNKNOWN)).isInstanceOf(ConnectionSlots.Place.Taken.class);
    }

    @Test
    void strangers_of_one_address_have_the_places_of_one_user() {
        ConnectionSlots slots = new ConnectionSlots(10, 2, 10);
        ClientInfo here = new ClientInfo("", "192.0.2.1", "");
        ConnectionSlots.Stranger first = slots.stranger(here).orElseThrow();
        assertThat(slots.stranger(here)).isPresent();
        assertThat(slots.stranger(here)).isEmpty();
        assertThat(slots.stranger(new ClientInfo("", "192.0.2.2", ""))).isPresent();
        assertThat(first.become(ANN)).isInstanceOf(ConnectionSlots.Place.Taken.class);
        assertThat(slots.stranger(here)).isPresent();
        slots.giveNoMore();
        assertThat(slots.stranger(ClientInfo.UNKNOWN)).isEmpty();
    }
}
