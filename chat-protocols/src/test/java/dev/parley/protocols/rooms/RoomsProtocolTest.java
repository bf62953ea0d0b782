package dev.parley.protocols.rooms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Ask;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.command.Overlap;
import dev.parley.application.command.Repeat;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.llm.ModelOptions;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.session.SessionSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What transcripts do not show: what is asked of the engine, and what many frames come to. */
class RoomsProtocolTest {

    private final Town town = new Town(RoomsClient.START);
    private final RoomsClient client = RoomsClient.opened(town, Map.of());

    @Test
    void what_a_client_wants_of_an_answer_reaches_the_engine() {
        client.send("""
                {"type":"chat","message_id":"m","room_id":"r","data":{"message":"Hi","model_preference":"gpt-4","agent":"coder",
                "system_prompt":"Be brief","temperature":0.7,"max_tokens":2048,"overlap":"interrupt"}}""");
        Command.SendMessage sent = sent();
        assertThat(sent.repeat()).isEqualTo(new Repeat.Within(Duration.ofMinutes(10)));
        assertThat(sent.clientId()).contains("m");
        assertThat(sent.ask()).contains(new Ask(
                Optional.of("coder"),
                Optional.of("gpt-4"),
                Optional.of(Overlap.INTERRUPT),
                Optional.of("Be brief"),
                new ModelOptions(Optional.of(0.7), Optional.of(2048), Optional.empty(), Map.of())));
    }

    @Test
    void a_stop_right_behind_a_question_finds_its_answer() {
        client.send("{\"type\":\"chat\",\"data\":{\"message\":\"Hi\"}}");
        client.send("{\"type\":\"chat\",\"message_id\":\"m\",\"data\":{\"message\":\"Hi\"}}");
        client.send("{\"type\":\"stop\"}");
        assertThat(town.asked).filteredOn(Command.StopReplies.class::isInstance).hasSize(1);
        assertThat(client.take()).anyMatch(frame -> frame.contains("\"stopped\":[\"r2\"]"));
    }

    @Test
    void a_first_message_that_is_refused_leaves_no_conversation() {
        Outcome.Refusal refusal = new Outcome.Refusal(ErrorCode.MESSAGE_TOO_LONG, "Expected less", Optional.empty());
        town.sendRefusals.add(refusal);
        client.send("{\"type\":\"chat\",\"message_id\":\"m\",\"data\":{\"message\":\"Hi\"}}");
        town.sendRefusals.add(refusal);
        client.send("{\"type\":\"chat\",\"data\":{\"message\":\"Hi\"}}");
        assertThat(town.houses).isEmpty();
        client.send("{\"type\":\"chat\",\"data\":{\"message\":\"Hi\",\"conversation_id\":\"mine\"}}");
        town.sendRefusals.add(refusal);
        client.send("{\"type\":\"chat\",\"data\":{\"message\":\"Hi\",\"conversation_id\":\"mine\"}}");
        assertThat(town.houses).as("what was there stays").hasSize(1);
        client.settle();
        assertThat(client.take())
                .filteredOn(frame -> frame.contains("MESSAGE_TOO_LONG"))
                .hasSize(3);
    }

    @Test
    void the_same_words_under_the_same_name_begin_another_conversation_once_it_is_long_ago() {
        String frame = "{\"type\":\"chat\",\"message_id\":\"m\",\"data\":{\"message\":\"Hi\"}}";
        client.send(frame);
        String first = sent().session().value();
        town.now = town.now.plus(Duration.ofMinutes(9));
        client.send(frame);
        assertThat(sent().session()).hasToString(first);
        town.now = town.now.plus(Duration.ofMinutes(1));
        client.send(frame);
        assertThat(sent().session()).hasToString("made-by-the-server");
    }

    @Test
    void somebody_elses_session_is_never_taken_for_ones_own_conversation() {
        String frame = "{\"type\":\"chat\",\"message_id\":\"m\",\"data\":{\"message\":\"Hi\"}}";
        client.send(frame);
        Town other = new Town(RoomsClient.START);
        other.build(
                sent().session(),
                dev.parley.domain.session.Visibility.SHARED,
                new dev.parley.domain.access.UserId("eve"),
                "");
        RoomsClient.opened(other, Map.of()).send(frame);
        Command.SendMessage sent = (Command.SendMessage) other.asked.getLast();
        assertThat(sent.session()).hasToString("made-by-the-server");
    }

    @Test
    void a_conversation_that_is_quiet_makes_room_for_another_and_comes_back_when_it_goes_on() {
        for (int i = 0; i < RoomsState.MAX_PLACES + 1; i++) {
            client.send("{\"type\":\"chat\",\"data\":{\"message\":\"Hi\",\"conversation_id\":\"c" + i + "\"}}");
            client.settle();
            House house = town.house("c" + i);
            MessageId reply = new MessageId("r" + (i + 1));
            house.begin(reply, "llama3.2");
            house.end(reply, ReplyStatus.COMPLETED, false);
            client.settle();
        }
        client.take();
        town.house("c0").say(new dev.parley.domain.access.UserId("bruno"), "Nobody hears", Optional.empty());
        client.settle();
        assertThat(client.take()).isEmpty();
        client.send("{\"type\":\"chat\",\"data\":{\"message\":\"Again\",\"conversation_id\":\"c0\"}}");
        client.settle();
        assertThat(client.take()).anyMatch(frame -> frame.contains("delivery_confirmation"));
    }

    @Test
    void rooms_are_never_pushed_out() {
        for (int i = 0; i < RoomsState.MAX_PLACES; i++) {
            client.send("{\"type\":\"join_room\",\"data\":{\"room_id\":\"room" + i + "\"}}");
        }
        client.take();
        client.send("{\"type\":\"join_room\",\"data\":{\"room_id\":\"one-more\"}}");
        assertThat(client.take()).singleElement().asString().contains("BUSY").contains("one-more");
    }

    @Test
    void where_nothing_is_to_be_streamed_the_end_brings_the_whole_answer() {
        client.send("{\"type\":\"join_room\",\"data\":{\"room_id\":\"r\"}}");
        House house = town.house("r");
        house.settings(new SessionSettings(Optional.empty(), Optional.empty(), false));
        client.settle();
        client.take();
        client.send("{\"type\":\"chat\",\"data\":{\"message\":\"Hi\"},\"room_id\":\"r\"}");
        house.begin(new MessageId("r1"), "llama3.2");
        house.grow(new MessageId("r1"), "All at once");
        house.end(new MessageId("r1"), ReplyStatus.COMPLETED, false);
        client.settle();
        List<String> told = client.take();
        assertThat(told).noneMatch(frame -> frame.contains("\"streaming\":true"));
        assertThat(told.getLast()).contains("\"content\":\"All at once\"", "\"done\":true");
    }

    @Test
    void prices_are_for_a_thousand_tokens_of_a_model_by_any_of_its_names() {
        Prices prices = new Prices(Map.of("gpt-4", 0.02, "llama:latest", 1.0));
        assertThat(prices.of("gpt-4", 150)).isEqualTo(0.003);
        assertThat(prices.of("gpt-4:latest", 1000)).isEqualTo(0.02);
        assertThat(prices.of("llama:latest", 1)).isEqualTo(0.001);
        assertThat(prices.of("another", 1000)).isZero();
    }

    private Command.SendMessage sent() {
        return town.asked.stream()
                .filter(Command.SendMessage.class::isInstance)
                .map(Command.SendMessage.class::cast)
                .reduce((first, last) -> last)
                .orElseThrow();
    }
}
