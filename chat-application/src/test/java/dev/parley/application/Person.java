package dev.parley.application;

import dev.parley.application.command.Ask;
import dev.parley.application.command.Attach;
import dev.parley.application.command.Changed;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.command.Overlap;
import dev.parley.application.command.Repeat;
import dev.parley.application.command.Sent;
import dev.parley.application.command.SettingsPatch;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.llm.ModelOptions;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.Visibility;
import java.util.List;
import java.util.Optional;

/** Somebody who uses an engine, with or without a connection. */
record Person(Stage stage, ChatEngine engine, Caller caller) {

    static final String ROOM = "room";

    UserId user() {
        return caller.principal().user();
    }

    /** With another token. */
    Person as(Principal principal) {
        return new Person(stage, engine, caller.as(principal));
    }

    <R> Outcome<R> does(Command<R> command) {
        return engine.handle(caller, command);
    }

    Outcome<Command.Entered> enters(String session, Visibility visibility) {
        return does(new Command.EnterSession(new SessionId(session), visibility, Optional.empty()));
    }

    /** Comes into the one shared room that most tests are about. */
    Person inRoom() {
        Stage.done(enters(ROOM, Visibility.SHARED));
        return this;
    }

    Session group(String session, Person... members) {
        return Stage.done(does(new Command.CreateSession(
                Optional.of(new SessionId(session)),
                Optional.empty(),
                Visibility.GROUP,
                List.of(members).stream().map(Person::user).toList(),
                Optional.empty(),
                SettingsPatch.NONE)));
    }

    /** Opens a connection that follows nothing yet. */
    Seat connects() {
        return new Seat(this);
    }

    /** Opens a connection that follows the room. */
    Seat sits() {
        return sits(ROOM);
    }

    Seat sits(String session) {
        Seat seat = new Seat(this);
        seat.follow(session);
        return seat;
    }

    Outcome<Sent> sends(Command.SendMessage command) {
        return does(command);
    }

    /** Says something that nobody is to answer. */
    Sent says(String content) {
        return Stage.done(does(message(ROOM, content, Optional.empty(), Optional.empty())));
    }

    /** Says something with files. */
    Sent saysWith(String session, String content, AttachmentId... files) {
        return Stage.done(triesWith(session, content, files));
    }

    Outcome<Sent> triesWith(String session, String content, AttachmentId... files) {
        return does(new Command.SendMessage(
                new SessionId(session),
                content,
                Optional.empty(),
                new Repeat.ForLife(),
                Optional.empty(),
                ClientMetadata.NONE,
                Optional.empty(),
                List.of(files).stream().<Attach>map(Attach.Existing::new).toList()));
    }

    /** The room as it is. */
    Session session() {
        return Stage.done(does(new Command.GetSession(new SessionId(ROOM))));
    }

    /** Says something and asks for a reply. */
    Sent asks(String content) {
        return Stage.done(tries(content, Ask.PLAINLY));
    }

    Sent asks(String content, Overlap overlap) {
        return Stage.done(tries(content, overlapping(overlap)));
    }

    Outcome<Sent> tries(String content, Ask ask) {
        return does(message(ROOM, content, Optional.empty(), Optional.of(ask)));
    }

    MessageId reply(String content) {
        return asks(content).reply().orElseThrow();
    }

    static Ask overlapping(Overlap overlap) {
        return new Ask(
                Optional.empty(), Optional.empty(), Optional.of(overlap), Optional.empty(), ModelOptions.DEFAULT);
    }

    static Command.SendMessage message(
            String session, String content, Optional<String> clientId, Optional<Ask> ask) {
        return new Command.SendMessage(
                new SessionId(session), content, clientId, Optional.empty(), ClientMetadata.NONE, ask);
    }

    Outcome<Command.Stopped> stops(MessageId message) {
        return does(new Command.StopReplies(new SessionId(ROOM), Optional.of(message)));
    }

    Outcome<Command.Stopped> stopsAll() {
        return does(new Command.StopReplies(new SessionId(ROOM), Optional.empty()));
    }

    Outcome<Changed> regenerates(MessageId message) {
        return does(new Command.Regenerate(new SessionId(ROOM), message, Ask.PLAINLY));
    }

    Outcome<Changed> deletes(MessageId message) {
        return does(new Command.DeleteMessage(Optional.empty(), message));
    }

    Outcome<Changed> edits(MessageId message, String content) {
        return does(new Command.EditMessage(Optional.empty(), message, content, Optional.empty()));
    }

    Outcome<Changed> editsAndAsks(MessageId message, String content) {
        return does(new Command.EditMessage(Optional.empty(), message, content, Optional.of(Ask.PLAINLY)));
    }

    Outcome<Changed> reacts(MessageId message, String emoji) {
        return does(new Command.React(Optional.empty(), message, emoji));
    }
}
