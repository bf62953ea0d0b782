package dev.parley.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.application.command.Attach;
import dev.parley.application.command.Command;
import dev.parley.application.event.Event;
import dev.parley.bootstrap.settings.FaultySettingsException;
import dev.parley.domain.PageRequest;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.live.Presence;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.Feedback;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.message.Version;
import dev.parley.domain.topic.Publication;
import dev.parley.testkit.llm.ModelStep;
import dev.parley.testkit.llm.ScriptedModel;
import dev.parley.testkit.store.InMemoryBlobStore;
import dev.parley.testkit.store.InMemoryConversationStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine inside another program. */
class EmbeddingTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    @Test
    void a_reply_is_told_piece_by_piece_and_kept() throws Exception {
        ScriptedModel model = ScriptedModel.named("m").answerAll("Blue", " light", " scatters.");
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        try (Parley parley = embedded(model); Conversation talk = parley.conversation("ann", "first")) {
            Message reply = talk.ask("Why?", heard::add).await(PATIENCE);

            assertThat(String.join("", heard)).isEqualTo("Blue light scatters.").isEqualTo(reply.content());
            assertThat(reply.reply().orElseThrow().status()).isEqualTo(ReplyStatus.COMPLETED);
            assertThat(talk.history(10)).extracting(Message::content).containsExactly("Why?", "Blue light scatters.");
            assertThat(talk.search("scatt")).extracting(Message::id).containsExactly(reply.id());
        }
    }

    @Test
    void whatever_a_client_does_with_messages_a_method_does() throws Exception {
        ScriptedModel model = ScriptedModel.named("m").answerAll("Yes.");
        try (Parley parley = embedded(model);
                Conversation ann = parley.conversation("ann", "first")) {
            Message root = ann.send("Helo");
            assertThat(ann.edit(root.id(), "Hello").content()).isEqualTo("Hello");
            assertThat(ann.versions(root.id())).extracting(Version::content).containsExactly("Helo");
            Message child = ann.reply(root.id(), "And more");
            assertThat(ann.thread(root.id(), PageRequest.first()).items()).containsExactly(child);
            assertThat(ann.history(1, 10).items()).containsExactly(child);
            assertThat(ann.search("mor", PageRequest.first()).total()).isEqualTo(1);

            assertThat(ann.react(root.id(), "👍")).isTrue();
            assertThat(ann.react(root.id(), "👍")).isFalse();
            Attach link = new Attach.Link("a.txt", "http://10.0.0.1/a.txt", "text/plain", 3, ClientMetadata.NONE);
            Attachment file = ann.attach(root.id(), link).attachments().getFirst();
            assertThat(ann.message(root.id()).attachments()).containsExactly(file);
            ann.detach(file.id());
            assertThat(ann.message(root.id()).attachments()).isEmpty();
            ann.typing(true);
            ann.seen(child.id());
            assertThat(ann.present()).extracting(Presence.Present::name).containsExactly("ann");

            Message reply = ann.ask("Well?").await(PATIENCE);
            ann.rate(reply.id(), new Feedback(Optional.of(true), Optional.empty()));
            assertThat(ann.state(reply.id()).tokens()).isEqualTo(5);
            assertThat(ann.state(reply.id()).endedAt()).isPresent();
            ann.delete(root.id());
            assertThat(ann.message(root.id()).deleted()).isTrue();
            assertThatThrownBy(() -> ann.edit(root.id(), "Back")).isInstanceOf(RefusedException.class);
        }
    }

    @Test
    void what_was_said_is_there_after_a_restart() throws Exception {
        ScriptedModel model = ScriptedModel.named("m").answerAll("Yes.");
        try (Parley parley = embedded(model); Conversation talk = parley.conversation("ann", "first")) {
            talk.ask("Kept?").await(PATIENCE);
        }
        try (Parley parley = embedded(model); Conversation talk = parley.conversation("ann", "first")) {
            assertThat(talk.history(10)).extracting(Message::content).containsExactly("Kept?", "Yes.");
        }
    }

    @Test
    void a_ticket_is_answered_once_and_told_to_everybody_who_asks() throws Exception {
        ScriptedModel model = ScriptedModel.named("m").answer("Use ", "water");
        Queue<String> first = new ConcurrentLinkedQueue<>();
        Queue<String> later = new ConcurrentLinkedQueue<>();
        try (Parley parley = embedded(model)) {
            Message answer = parley.ticket("ann", "4711", "The printer is on fire", first::add).await(PATIENCE);
            Message again = parley.ticket("bob", "4711", "The printer is on fire", later::add).await(PATIENCE);

            assertThat(String.join("", first)).isEqualTo("Use water");
            assertThat(later).containsExactly("Use water");
            assertThat(again).isEqualTo(answer);
            assertThat(model.requests()).isEqualTo(1);
        }
    }

    @Test
    void stop_ends_the_model_and_keeps_what_it_wrote() throws Exception {
        ScriptedModel model = ScriptedModel.named("m").script(ModelStep.say("Once upon"), ModelStep.stall());
        CountDownLatch begun = new CountDownLatch(1);
        try (Parley parley = embedded(model); Conversation talk = parley.conversation("ann", "first")) {
            Answer answer = talk.ask("Tell.", text -> begun.countDown());
            assertThat(begun.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            answer.stop();

            Message reply = answer.await(PATIENCE);
            assertThat(reply.content()).isEqualTo("Once upon");
            assertThat(reply.reply().orElseThrow().status()).isEqualTo(ReplyStatus.STOPPED);
        }
    }

    @Test
    void a_model_that_fails_ends_the_answer_as_failed() throws Exception {
        ScriptedModel model = ScriptedModel.named("m").script(ModelStep.say("Half"), ModelStep.cut());
        try (Parley parley = embedded(model); Conversation talk = parley.conversation("ann", "first")) {
            Message reply = talk.ask("Go.").await(PATIENCE);

            assertThat(reply.reply().orElseThrow().status()).isEqualTo(ReplyStatus.FAILED);
            assertThat(reply.reply().orElseThrow().error()).contains(ErrorCode.MODEL_FAILED);
        }
    }

    @Test
    void two_people_hear_each_other() throws Exception {
        ScriptedModel model = ScriptedModel.named("m").answerAll("Hi both.");
        CountDownLatch heard = new CountDownLatch(1);
        try (Parley parley = embedded(model);
                Conversation ann = parley.conversation("ann", "shared");
                Conversation again = parley.conversation("ann", "shared")) {
            again.onEvent(event -> {
                if (event instanceof Event.Happened) {
                    heard.countDown();
                }
            });
            ann.send("Hello.");
            assertThat(heard.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void a_session_hears_what_the_program_publishes() throws Exception {
        BlockingQueue<Publication> heard = new LinkedBlockingQueue<>();
        try (Parley parley = embedded(ScriptedModel.named("m")); Conversation ann = parley.conversation("ann", "desk")) {
            ann.onEvent(event -> {
                if (event instanceof Event.Published published) {
                    heard.add(published.entry().publication());
                }
            });
            ann.subscribe("inv-7");
            Publisher publisher = parley.publisher();
            publisher.update("inv-7", "progress", "{\"percent\":40}");
            publisher.anomaly("inv-7", "{\"severity\":\"high\"}");
            assertThat(heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo(new Publication.Update("progress", "{\"percent\":40}"));
            assertThat(heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo(new Publication.Anomaly("{\"severity\":\"high\"}"));
            ann.unsubscribe("inv-7");
            publisher.notification("desk", "{}");
            assertThat(heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(new Publication.Notification("{}"));

            publisher.audience("inv-7", Set.of("bob"));
            assertThatThrownBy(() -> ann.subscribe("inv-7")).isInstanceOf(RefusedException.class);
            publisher.openToEverybody("inv-7");
            ann.subscribe("inv-7");
            assertThatThrownBy(() -> publisher.update("inv-7", "progress", "[1]"))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> publisher.notification("nobody-s", "{}")).isInstanceOf(RefusedException.class);
        }
    }

    @Test
    void a_listener_that_throws_spoils_no_answer_and_no_other_listener() throws Exception {
        ScriptedModel model = ScriptedModel.named("m").answerAll("Still here.");
        Queue<Event> heard = new ConcurrentLinkedQueue<>();
        try (Parley parley = embedded(model); Conversation talk = parley.conversation("ann", "first")) {
            talk.onEvent(event -> {
                throw new IllegalStateException("Scripted to fail");
            });
            talk.onEvent(heard::add);
            Answer first = talk.ask("?", text -> {
                throw new IllegalStateException("Scripted to fail");
            });

            assertThat(first.await(PATIENCE).content()).isEqualTo("Still here.");
            assertThat(talk.ask("And now?").await(PATIENCE).content()).isEqualTo("Still here.");
            assertThat(heard).isNotEmpty();
        }
    }

    @Test
    void two_engines_live_in_one_process_and_know_nothing_of_each_other() throws Exception {
        ScriptedModel one = ScriptedModel.named("one").answerAll("First.");
        ScriptedModel two = ScriptedModel.named("two").answerAll("Second.");
        try (Parley first = embedded(one, "a");
                Parley second = embedded(two, "b");
                Conversation here = first.conversation("ann", "same");
                Conversation there = second.conversation("ann", "same")) {
            assertThat(here.ask("?").await(PATIENCE).content()).isEqualTo("First.");
            assertThat(there.ask("?").await(PATIENCE).content()).isEqualTo("Second.");
            assertThat(here.history(10)).hasSize(2);
        }
    }

    @Test
    void own_stores_need_no_data_folder() throws Exception {
        ScriptedModel model = ScriptedModel.named("m").answerAll("Kept elsewhere.");
        InMemoryConversationStore own = new InMemoryConversationStore();
        Path unused = folder.resolve("unused");
        try (Parley parley = Parley.builder()
                .dataFolder(unused)
                .withoutHost()
                .models(model, model)
                .stores(own.sessions(), own.messages(), own.replies(), own.revocations(), own.audit(), own.topics(),
                        own.attachments(), new InMemoryBlobStore())
                .build(); Conversation talk = parley.conversation("ann", "first")) {
            talk.ask("?").await(PATIENCE);

            assertThat(own.messages().find(talk.history(1).getFirst().id())).isPresent();
            assertThat(unused).doesNotExist();
            assertThatThrownBy(() -> parley.backup(folder.resolve("copy"))).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void the_data_folder_belongs_to_one_at_a_time() {
        ScriptedModel model = ScriptedModel.named("m");
        try (Parley first = embedded(model)) {
            assertThat(first.health().ready()).isTrue();
            assertThatThrownBy(() -> embedded(model))
                    .isInstanceOfSatisfying(StartException.class, failure -> {
                        assertThat(failure.reason()).isEqualTo(StartException.Reason.DATA_FOLDER);
                        assertThat(failure).hasMessageContaining(folder.toString());
                    });
        }
        embedded(model).close();
    }

    @Test
    void a_damaged_database_is_named() throws Exception {
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("data").resolve("parley.db"), "This is no database. ".repeat(1000));

        assertThatThrownBy(() -> embedded(ScriptedModel.named("m")))
                .isInstanceOfSatisfying(StartException.class,
                        failure -> assertThat(failure.reason()).isEqualTo(StartException.Reason.DATABASE));
    }

    @Test
    void wrong_settings_are_all_named_and_nothing_is_started() {
        Path data = folder.resolve("none");
        assertThatThrownBy(() -> Parley.builder().dataFolder(data).set("PORT", "x").set("NONSENSE", "1").build())
                .isInstanceOfSatisfying(FaultySettingsException.class, faulty -> assertThat(faulty.faults()).hasSize(2));
        assertThat(data).doesNotExist();
    }

    @Test
    void refusals_are_thrown_with_their_code() {
        try (Parley parley = embedded(ScriptedModel.named("m")); Conversation talk = parley.conversation("ann", "private")) {
            assertThat(talk.session().owner()).isPresent();
            assertThatThrownBy(() -> parley.conversation("bob", "private"))
                    .isInstanceOfSatisfying(RefusedException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.FORBIDDEN));
            assertThatThrownBy(() -> talk.handle(new Command.GetStatistics())).isInstanceOf(RefusedException.class);
        }
    }

    @Test
    void closing_a_conversation_leaves_the_reply_running_and_says_so_to_who_waits() throws Exception {
        ScriptedModel model = ScriptedModel.named("m").script(ModelStep.say("a"), ModelStep.stall());
        try (Parley parley = embedded(model)) {
            Conversation talk = parley.conversation("ann", "first");
            Answer answer = talk.ask("?");
            model.next();
            talk.close();

            assertThatThrownBy(() -> answer.await(PATIENCE)).isInstanceOf(IllegalStateException.class);
            try (Conversation again = parley.conversation("ann", "first")) {
                assertThat(again.history(10).getLast().running()).isTrue();
                assertThat(again.stop()).containsExactly(answer.id());
            }
        }
    }

    @Test
    void a_backup_can_be_opened() throws Exception {
        ScriptedModel model = ScriptedModel.named("m").answerAll("Yes.");
        Path copied = folder.resolve("copied");
        Files.createDirectories(copied);
        try (Parley parley = embedded(model); Conversation talk = parley.conversation("ann", "first")) {
            talk.ask("Copied?").await(PATIENCE);
            parley.backup(copied.resolve("parley.db"));
        }
        try (Parley parley = Parley.builder().dataFolder(copied).withoutHost().models(model, model).build();
                Conversation talk = parley.conversation("ann", "first")) {
            assertThat(talk.history(10)).hasSize(2);
        }
    }

    private Parley embedded(ScriptedModel model) {
        return embedded(model, "data");
    }

    private Parley embedded(ScriptedModel model, String data) {
        return Parley.builder().dataFolder(folder.resolve(data)).withoutHost().models(model, model).build();
    }
}
