package dev.parley.protocols.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.access.UserId;
import org.junit.jupiter.api.Test;

class StrangerPlacesTest {

    private static final UserId ANN = new UserId("ann");

    @Test
    void strangers_are_few_and_count_as_everybody() {
        ConnectionSlots slots = new ConnectionSlots(3, 3, 2);
        ConnectionSlots.Stranger first = slots.stranger().orElseThrow();
        assertThat(slots.stranger()).isPresent();
        assertThat(slots.stranger()).isEmpty();
        slots.take(ANN);
        assertThat(slots.take(ANN)).isEqualTo(new ConnectionSlots.Place.NodeFull());
        first.close();
        first.close();
        assertThat(slots.taken()).isEqualTo(2);
        assertThat(slots.stranger()).isPresent();
        assertThat(slots.stranger()).isEmpty();
    }

    @Test
    void a_stranger_becomes_a_user_and_makes_room_for_strangers() {
        ConnectionSlots slots = new ConnectionSlots(10, 1, 1);
        ConnectionSlots.Stranger first = slots.stranger().orElseThrow();
        assertThat(first.become(ANN)).isInstanceOf(ConnectionSlots.Place.Taken.class);
        assertThat(first.become(ANN)).isInstanceOf(ConnectionSlots.Place.Taken.class);
        ConnectionSlots.Stranger second = slots.stranger().orElseThrow();
        assertThat(second.become(ANN)).isEqualTo(new ConnectionSlots.Place.UserFull());
        first.close();
        assertThat(second.become(ANN)).isInstanceOf(ConnectionSlots.Place.Taken.class);
        second.close();
        assertThat(slots.taken()).isZero();
        assertThat(slots.take(ANN)).isInstanceOf(ConnectionSlots.Place.Taken.class);
    }
}
