package dev.parley.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Ask;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.command.SettingsPatch;
import dev.parley.domain.PageRequest;
import dev.parley.domain.access.AuditTrail;
import dev.parley.domain.access.UserId;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.live.Hint;
import dev.parley.domain.message.Feedback;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.Receipt;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.Visibility;
import dev.parley.domain.store.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The access table, cell by cell, as commands meet it. */
final class AccessTest {

    private static final SessionId ROOM = new SessionId("table");

    enum Who {
        OWNER,
        MEMBER,
        STRANGER,
        SERVICE,
        ADMIN
    }

    /** A row: what is done, by whom it is allowed, and what the others are answered. */
    record Row(
            String what, BiFunction<Person, Scene, Outcome<?>> act, ErrorCode otherwise, List<Who> allowed) {
        @Override
        public String toString() {
            return what;
        }
    }

    record Scene(Stage stage, MessageId owners, MessageId members, MessageId reply) {}

    private static Row row(
            String what, BiFunction<Person, Scene, Outcome<?>> act, ErrorCode otherwise, Who... allowed) {
        return new Row(what, act, otherwise, List.of(allowed));
    }

    static List<Arguments> cells() {
        Who[] insiders = {Who.OWNER, Who.MEMBER, Who.ADMIN};
        Who[] masters = {Who.OWNER, Who.ADMIN};
        ErrorCode no = ErrorCode.FORBIDDEN;
        ErrorCode hidden = ErrorCode.NOT_FOUND;
        List<Row> rows = List.of(
                row("enter", (p, s) -> p.enters("table", Visibility.SHARED), no, insiders),
                row("read", (p, s) -> p.does(new Command.ListMessages(ROOM, new Slice.Newest(5))), no, insiders),
                row("search", (p, s) -> p.does(new Command.SearchMessages(ROOM, "x", PageRequest.first())), no, insiders),
                row("see who is there", (p, s) -> p.does(new Command.ListPresent(ROOM)), no, insiders),
                row("look", (p, s) -> p.does(new Command.GetSession(ROOM)), no, insiders),
                row("fork", (p, s) -> p.does(new Command.ForkSession(
                        ROOM, Optional.empty(), Optional.empty(), Optional.empty())), no, insiders),
                row("read one", (p, s) -> p.does(new Command.GetMessage(s.owners())), hidden, insiders),
                row("read versions", (p, s) -> p.does(new Command.ListVersions(s.owners())), hidden, insiders),
                row("follow a thread", (p, s) -> p.does(
                        new Command.ListThread(s.owners(), PageRequest.first())), hidden, insiders),
                row("look at a reply", (p, s) -> p.does(new Command.GetReply(s.reply())), hidden, insiders),
                row("send", (p, s) -> p.does(Person.message("table", "Hi", Optional.empty(), Optional.empty())), no, insiders),
                row("type", (p, s) -> p.does(new Command.SetTyping(ROOM, true)), no, insiders),
                row("stop", (p, s) -> p.does(new Command.StopReplies(ROOM, Optional.empty())), no, insiders),
                row("react", (p, s) -> p.reacts(s.owners(), "👍"), hidden, insiders),
                row("judge", (p, s) -> p.does(new Command.GiveFeedback(
                        Optional.empty(), s.reply(), new Feedback(Optional.of(true), Optional.empty()))), hidden, insiders),
                row("mark seen", (p, s) -> p.does(new Command.MarkReceived(
                        Optional.empty(), s.owners(), Receipt.READ)), hidden, insiders),
                row("edit another's", (p, s) -> p.edits(s.members(), "No"), hidden),
                row("delete another's", (p, s) -> p.deletes(s.members()), hidden, masters),
                row("rename", (p, s) -> p.does(new Command.UpdateSession(
                        ROOM, Optional.of("New"), Optional.empty(), SettingsPatch.NONE)), no, masters),
                row("invite", (p, s) -> p.does(new Command.AddMember(ROOM, new UserId("new"))), no, masters),
                row("remove", (p, s) -> p.does(new Command.RemoveMember(ROOM, new UserId("other"))), no, masters),
                row("close", (p, s) -> p.does(new Command.CloseSession(ROOM)), no, masters),
                row("purge", (p, s) -> p.does(new Command.PurgeSession(ROOM)), no, masters),
                row("announce", (p, s) -> p.does(new Command.Announce("Hear", Hint.Level.INFO)), no, Who.ADMIN),
                row("revoke a token", (p, s) -> p.does(new Command.RevokeToken("t1")), no, Who.ADMIN),
                row("revoke a user", (p, s) -> p.does(new Command.RevokeUser(new UserId("x"))), no, Who.ADMIN),
                row("count", (p, s) -> p.does(new Command.GetStatistics()), no, Who.ADMIN),
                row("watch the load", (p, s) -> p.does(new Command.GetLoad()), no, Who.ADMIN),
                row("watch replies", (p, s) -> p.does(new Command.ListUnfinished()), no, Who.ADMIN),
                row("see connections", (p, s) -> p.does(new Command.ListConnections("", PageRequest.first())), no, Who.ADMIN),
                row("see every session", (p, s) -> p.does(new Command.ListEverySession("", PageRequest.first())), no, Who.ADMIN),
                row("dismiss a connection", (p, s) -> p.does(
                        new Command.DismissConnection(new ConnectionId("nobody"))), no, Who.ADMIN),
                row("read the audit", (p, s) -> p.does(new Command.ListAudit(10)), no, Who.ADMIN),
                row("read settings", (p, s) -> p.does(new Command.ReadSettings()), no, Who.ADMIN));
        List<Arguments> cells = new ArrayList<>();
        for (Row row : rows) {
            for (Who who : Who.values()) {
                cells.add(Arguments.of(row, who));
            }
        }
        return cells;
    }

    @ParameterizedTest(name = "{1}: {0}")
    @MethodSource("cells")
    void the_table_is_kept(Row row, Who who) {
        try (Stage stage = Stage.open()) {
            Person owner = stage.person("owner");
            Person member = stage.person("member");
            Person other = stage.person("other");
            owner.group("table", member, other);
            stage.model.answerAll("Yes");
            MessageId reply = Stage.done(owner.does(Person.message(
                    "table", "Hello", Optional.empty(), Optional.of(Ask.PLAINLY))))
                    .reply()
                    .orElseThrow();
            stage.awaitEnd(reply);
            Scene scene = new Scene(stage, said(owner), said(other), reply);
            Person person = switch (who) {
                case OWNER -> owner;
                case MEMBER -> member;
                case STRANGER -> stage.person("stranger");
                case SERVICE -> stage.person("service", "service");
                case ADMIN -> stage.person("root", "admin");
            };
            Outcome<?> outcome = row.act().apply(person, scene);
            if (row.allowed().contains(who)) {
                Stage.done(outcome);
            } else {
                boolean inside = who == Who.OWNER || who == Who.MEMBER || who == Who.ADMIN;
                assertThat(Stage.code(outcome)).isEqualTo(inside ? ErrorCode.FORBIDDEN : row.otherwise());
            }
        }
    }

    private static MessageId said(Person person) {
        return Stage.done(person.does(Person.message("table", "I say", Optional.empty(), Optional.empty())))
                .message()
                .id();
    }

    @Test
    void authors_edit_and_delete_their_own() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            Person bob = stage.person("bob").inRoom();
            MessageId message = bob.says("Helo").message().id();
            Stage.done(bob.edits(message, "Hello"));
            Stage.done(bob.deletes(message));
            assertThat(stage.message(message).content()).isEmpty();
            assertThat(Stage.code(bob.edits(message, "Again"))).isEqualTo(ErrorCode.GONE);
            assertThat(Stage.code(ana.reacts(message, "👍"))).isEqualTo(ErrorCode.GONE);
        }
    }

    @Test
    void a_private_session_seats_two_however_a_third_is_asked_in() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana");
            Stage.done(ana.enters("pair", Visibility.PRIVATE));
            assertThat(Stage.code(stage.person("eve").enters("pair", Visibility.SHARED))).isEqualTo(ErrorCode.FORBIDDEN);
            Stage.done(ana.does(new Command.AddMember(new SessionId("pair"), new UserId("bob"))));
            Stage.done(stage.person("bob").enters("pair", Visibility.PRIVATE));
            assertThat(Stage.code(ana.does(new Command.AddMember(new SessionId("pair"), new UserId("eve")))))
                    .isEqualTo(ErrorCode.ROOM_FULL);
            assertThat(Stage.code(ana.does(new Command.CreateSession(
                    Optional.empty(),
                    Optional.empty(),
                    Visibility.PRIVATE,
                    List.of(new UserId("b"), new UserId("c")),
                    Optional.empty(),
                    SettingsPatch.NONE))))
                    .isEqualTo(ErrorCode.ROOM_FULL);
            ana.group("three", stage.person("b"), stage.person("c"));
            assertThat(Stage.code(ana.does(new Command.UpdateSession(
                    new SessionId("three"),
                    Optional.empty(),
                    Optional.of(Visibility.PRIVATE),
                    SettingsPatch.NONE))))
                    .isEqualTo(ErrorCode.ROOM_FULL);
        }
    }

    @Test
    void whoever_knows_a_shared_session_joins_it_by_entering_and_by_nothing_less() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            MessageId message = ana.says("Hello").message().id();
            Person bob = stage.person("bob");
            assertThat(Stage.code(bob.reacts(message, "👍"))).isEqualTo(ErrorCode.FORBIDDEN);
            assertThat(Stage.code(bob.tries("Hi", Ask.PLAINLY)))
                    .isEqualTo(ErrorCode.FORBIDDEN);
            assertThat(stage.session(Person.ROOM).has(bob.user())).isFalse();
            bob.inRoom();
            assertThat(stage.session(Person.ROOM).has(bob.user())).isTrue();
            Stage.done(bob.reacts(message, "👍"));
            assertThat(Stage.code(stage.person("robot", "service").enters(Person.ROOM, Visibility.SHARED)))
                    .isEqualTo(ErrorCode.FORBIDDEN);
        }
    }

    @Test
    void the_existence_of_a_session_is_no_secret_and_that_of_a_message_is() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana");
            Stage.done(ana.enters("mine", Visibility.PRIVATE));
            Person eve = stage.person("eve");
            assertThat(Stage.code(eve.does(new Command.GetSession(new SessionId("mine")))))
                    .isEqualTo(ErrorCode.FORBIDDEN);
            assertThat(Stage.code(eve.does(new Command.GetSession(new SessionId("nobodys")))))
                    .isEqualTo(ErrorCode.NOT_FOUND);
        }
    }

    @Test
    void administrators_leave_a_trace_and_become_no_members() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana");
            Stage.done(ana.enters("mine", Visibility.PRIVATE));
            Person root = stage.person("root", "admin");
            Stage.done(root.enters("mine", Visibility.PRIVATE));
            Stage.done(root.does(new Command.CloseSession(new SessionId("mine"))));
            assertThat(stage.session("mine").has(root.user())).isFalse();
            assertThat(stage.store.audit().newest(10))
                    .extracting(AuditTrail.Entry::action)
                    .contains("enter_session", "close_session");
        }
    }

    @Test
    void what_is_closed_is_gone_but_readable_and_what_is_purged_frees_its_id() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            MessageId message = ana.says("Hello").message().id();
            SessionId room = new SessionId(Person.ROOM);
            Stage.done(ana.does(new Command.CloseSession(room)));
            assertThat(Stage.code(ana.enters(Person.ROOM, Visibility.SHARED))).isEqualTo(ErrorCode.GONE);
            assertThat(Stage.code(ana.edits(message, "Bye"))).isEqualTo(ErrorCode.GONE);
            assertThat(Stage.code(ana.connects().tryFollow(Person.ROOM))).isEqualTo(ErrorCode.GONE);
            assertThat(Stage.done(ana.does(new Command.ListMessages(room, new Slice.Newest(5)))).total())
                    .isEqualTo(1);
            Stage.done(ana.does(new Command.PurgeSession(room)));
            assertThat(Stage.code(ana.does(new Command.GetSession(room)))).isEqualTo(ErrorCode.NOT_FOUND);
            assertThat(Stage.done(stage.person("bob").enters(Person.ROOM, Visibility.SHARED)).created())
                    .isTrue();
        }
    }
}
