package dev.parley.application.handle;

import dev.parley.application.Ports;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.guard.Access;
import dev.parley.domain.Page;
import dev.parley.domain.PageRequest;
import dev.parley.domain.live.Presence;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.Version;
import dev.parley.domain.session.Session;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Commands that only read: whoever may enter a session may read what is in it. */
final class Queries {

    private static final PageRequest LATEST = new PageRequest(0, PageRequest.MAX_LIMIT);

    private final Ports ports;
    private final Access access;

    Queries(Ports ports, Access access) {
        this.ports = ports;
        this.access = access;
    }

    Outcome<Session> session(Call call, Command.GetSession command) {
        return access.enter(call.caller(), command.session());
    }

    Outcome<Page<Session>> sessions(Call call, Command.ListSessions command) {
        return Outcome.done(ports.sessions().of(call.user(), command.page()));
    }

    Outcome<List<Presence.Present>> present(Call call, Command.ListPresent command) {
        return access.enter(call.caller(), command.session())
                .then(session -> Outcome.done(ports.presence().in(command.session())));
    }

    Outcome<Message> message(Call call, Command.GetMessage command) {
        return access.message(call.caller(), Optional.empty(), command.message());
    }

    Outcome<Page<Message>> messages(Call call, Command.ListMessages command) {
        return access.enter(call.caller(), command.session())
                .then(session -> Outcome.done(ports.messages().page(command.session(), command.slice())));
    }

    Outcome<Page<Message>> thread(Call call, Command.ListThread command) {
        return access.message(call.caller(), Optional.empty(), command.root())
                .then(root -> Outcome.done(ports.messages().thread(command.root(), command.page())));
    }

    Outcome<Page<Message>> search(Call call, Command.SearchMessages command) {
        return access.enter(call.caller(), command.session())
                .then(session -> Outcome.done(
                        ports.messages().search(command.session(), command.query(), command.page())));
    }

    /** Nobody needs the thousandth hit: what lies beyond {@link PageRequest#MAX_LIMIT} is counted and not shown. */
    Outcome<Page<Message>> searchEverywhere(Call call, Command.SearchEverywhere command) {
        PageRequest wanted = command.page();
        PageRequest each = new PageRequest(0, Math.min(wanted.offset() + wanted.limit(), PageRequest.MAX_LIMIT));
        List<Message> found = new ArrayList<>();
        long total = 0;
        for (Session session : ports.sessions().of(call.user(), LATEST).items()) {
            Page<Message> here = ports.messages().search(session.id(), command.query(), each);
            found.addAll(here.items());
            total += here.total();
        }
        List<Message> part = found.stream()
                .sorted(Comparator.comparing(Message::createdAt).reversed())
                .skip(wanted.offset())
                .limit(wanted.limit())
                .toList();
        return Outcome.done(new Page<>(part, total));
    }

    Outcome<List<Version>> versions(Call call, Command.ListVersions command) {
        return access.message(call.caller(), Optional.empty(), command.message())
                .then(message -> Outcome.done(ports.messages().versions(command.message())));
    }
}
