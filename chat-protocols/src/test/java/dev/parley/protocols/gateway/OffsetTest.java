package dev.parley.protocols.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.access.UserId;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.SessionId;
import dev.parley.protocols.Frame;
import dev.parley.protocols.socketio.NamespaceSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OffsetTest {

    private static final SessionId ONE = new SessionId("one:1.a_b-c");
    private static final SessionId TWO = new SessionId("two");
    private static final MessageId REPLY = new MessageId("r:1");

    private final Stamp stamp = new Stamp();

    @Test
    void what_a_client_is_told_is_what_it_comes_back_with() {
        assertThat(stamped(at(ONE, 3))).isEqualTo("one:1.a_b-c=3");
        assertThat(stamped(new Frame.Mark.Of(ONE, new Frame.Mark.Shown(REPLY, 12)))).isEqualTo("one:1.a_b-c=3~r:1=12");
        String both = stamped(at(TWO, 7));
        assertThat(both).isEqualTo("one:1.a_b-c=3~r:1=12;two=7");
        assertThat(Offset.parse(both)).contains(new Offset(
                Map.of(ONE, new Offset.Place(3, Map.of(REPLY, 12L)), TWO, new Offset.Place(7, Map.of()))));
        assertThat(stamped(new Frame.Mark.Of(ONE, new Frame.Mark.Ended(REPLY, 5)))).isEqualTo("one:1.a_b-c=5;two=7");
        assertThat(stamped(at(ONE, 4))).isEqualTo("one:1.a_b-c=5;two=7");
        assertThat(stamped(new Frame.Mark.Left(ONE))).isEqualTo("two=7");
        assertThat(stamped(new Frame.Mark.Left(TWO))).isEmpty();
        assertThat(Offset.parse("")).contains(Offset.NOWHERE);
    }

    @Test
    void who_joins_anew_is_where_the_client_says() {
        stamped(at(ONE, 9));
        stamped(new Frame.Mark.Of(ONE, new Frame.Mark.Shown(REPLY, 12)));
        assertThat(stamped(new Frame.Mark.All(List.of(new Frame.Mark.Left(ONE), at(ONE, 2))))).isEqualTo("one:1.a_b-c=2");
    }

    @Test
    void too_many_sessions_cannot_be_gone_on_with() {
        String last = "";
        for (int i = 0; i <= Offset.MAX_SESSIONS; i++) {
            last = stamped(at(new SessionId("s" + i), i));
        }
        assertThat(last).isEqualTo("-");
        assertThat(Offset.parse(last)).isEmpty();
        assertThat(stamped(new Frame.Mark.Left(new SessionId("s0")))).startsWith("s1=1;s2=2");
    }

    @Test
    void of_many_replies_those_that_grew_first_are_begun_anew() {
        stamped(at(ONE, 1));
        String last = "";
        for (int i = 0; i < Offset.MAX_SHOWN + 3; i++) {
            last = stamped(new Frame.Mark.Of(ONE, new Frame.Mark.Shown(new MessageId("r" + i), 5)));
        }
        assertThat(Offset.parse(last).orElseThrow().places().get(ONE).shown())
                .hasSize(Offset.MAX_SHOWN)
                .doesNotContainKey(new MessageId("r2"))
                .containsKey(new MessageId("r3"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-", "one", "one=", "=1", "one=1;", ";one=1", "one=-1", "one=1~", "one=1~r", "one=1~r=", "one=1~=3", "o ne=1",
                "one=9999999999999999999", "one=1~r=1x", "one=1;two", "\u0000", "one=1\n"
            })
    void what_is_no_offset_is_none(String text) {
        assertThat(Offset.parse(text)).isEmpty();
    }

    @Test
    void what_claims_too_much_is_none() {
        String many = String.join(";", IntStream.rangeClosed(0, Offset.MAX_SESSIONS).mapToObj(i -> "s" + i + "=1").toList());
        String deep = "one=1" + "~r=1".repeat(Offset.MAX_SHOWN + 1);
        assertThat(Offset.parse(many)).isEmpty();
        assertThat(Offset.parse(deep)).isEmpty();
    }

    @Test
    void a_secret_is_worth_something_to_its_user_alone() {
        Identities identities = new Identities();
        NamespaceSocket.Identity ann = identities.fresh(new UserId("ann"), true);
        String secret = ann.pid().orElseThrow();
        assertThat(new Identities().known(secret, new UserId("ann"))).as("at any node").contains(ann);
        assertThat(identities.known(secret, new UserId("eve"))).isEmpty();
        assertThat(secret).doesNotContain(ann.sid());
        for (String wrong : List.of("", ".", "x", "x.", ".x", secret + "x", "x".repeat(10_000))) {
            assertThat(identities.known(wrong, new UserId("ann"))).as(wrong).isEmpty();
        }
        assertThat(identities.fresh(new UserId("ann"), false).pid()).isEmpty();
    }

    private static Frame.Mark at(SessionId session, long position) {
        return new Frame.Mark.Of(session, new Frame.Mark.At(position));
    }

    private String stamped(Frame.Mark mark) {
        String text = stamp.put(new Frame("42/chat,[\"x\",{}]".getBytes(StandardCharsets.UTF_8), mark)).text();
        assertThat(text).startsWith("42/chat,[\"x\",{},\"").endsWith("\"]");
        return text.substring("42/chat,[\"x\",{},\"".length(), text.length() - 2);
    }
}
