package dev.parley.application.handle;

import dev.parley.application.Ports;
import dev.parley.application.command.Command;
import dev.parley.application.command.Load;
import dev.parley.application.command.Nothing;
import dev.parley.application.command.Outcome;
import dev.parley.application.guard.Access;
import dev.parley.application.reply.Replies;
import dev.parley.domain.Page;
import dev.parley.domain.PageRequest;
import dev.parley.domain.access.Right;
import dev.parley.domain.live.ConnectionInfo;
import dev.parley.domain.live.Hint;
import dev.parley.domain.live.Topic;
import dev.parley.domain.session.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What the operations page shows of a running server, and what is done from there. */
final class Operations {

    private static final int MOST_AUDITED = 1_000;

    private final Ports ports;
    private final Access access;
    private final Replies replies;

    Operations(Ports ports, Access access, Replies replies) {
        this.ports = ports;
        this.access = access;
        this.replies = replies;
    }

    Outcome<Load> load(Call call) {
        return administering(call, () -> new Load(
                replies.node(), replies.waiting(), replies.running(), replies.words(), ports.telemetry().pulse()));
    }

    Outcome<Command.Unfinished> unfinished(Call call) {
        return administering(call, () -> new Command.Unfinished(ports.replies().unfinished()));
    }

    Outcome<Page<ConnectionInfo>> connections(Call call, Command.ListConnections command) {
        String wanted = folded(command.containing());
        return administering(call, () -> wanted.isEmpty()
                ? ports.connections().all(command.page())
                : found(ports.connections()::all, connection -> says(wanted, words(connection)), command.page()));
    }

    Outcome<Page<Session>> sessions(Call call, Command.ListEverySession command) {
        String wanted = folded(command.containing());
        return administering(call, () -> wanted.isEmpty()
                ? ports.sessions().all(command.page())
                : found(ports.sessions()::all, session -> says(wanted, words(session)), command.page()));
    }

    Outcome<Nothing> dismiss(Call call, Command.DismissConnection command) {
        return access.server(call.caller(), Right.ADMINISTER).then(admin -> {
            access.audit(admin, "dismiss_connection", command.connection().value());
            ports.bus().publish(new Topic.Everywhere(), new Hint.ConnectionDismissed(command.connection()));
            return Outcome.done(Nothing.NOTHING);
        });
    }

    Outcome<Command.Audit> audit(Call call, Command.ListAudit command) {
        int limit = Math.clamp(command.limit(), 1, MOST_AUDITED);
        return administering(call, () -> new Command.Audit(ports.audit().newest(limit)));
    }

    Outcome<Nothing> readSettings(Call call) {
        return access.server(call.caller(), Right.ADMINISTER).then(admin -> {
            access.audit(admin, "read_settings", "server");
            return Outcome.done(Nothing.NOTHING);
        });
    }

    private <R> Outcome<R> administering(Call call, Supplier<R> look) {
        return access.server(call.caller(), Right.ADMINISTER).then(admin -> Outcome.done(look.get()));
    }

    /** Looks through a list page by page; it may change meanwhile, so one may be missed or seen twice. */
    private static <T> Page<T> found(Function<PageRequest, Page<T>> list, Predicate<T> wanted, PageRequest page) {
        List<T> found = new ArrayList<>();
        boolean more = true;
        for (int offset = 0; more && offset < Command.SESSIONS_SEARCHED; offset += PageRequest.MAX_LIMIT) {
            Page<T> part = list.apply(new PageRequest(offset, PageRequest.MAX_LIMIT));
            part.items().stream().filter(wanted).forEach(found::add);
            more = part.items().size() == PageRequest.MAX_LIMIT;
        }
        int from = Math.min(page.offset(), found.size());
        return new Page<>(found.subList(from, Math.min(found.size(), from + page.limit())), found.size());
    }

    private static Stream<String> words(ConnectionInfo connection) {
        return Stream.of(
                connection.id().value(),
                connection.user().value(),
                connection.protocol(),
                connection.node().value(),
                connection.session().map(Object::toString).orElse(""));
    }

    private static Stream<String> words(Session session) {
        return Stream.of(session.id().value(), session.title(), session.owner().map(Object::toString).orElse(""));
    }

    private static boolean says(String wanted, Stream<String> words) {
        return words.anyMatch(word -> folded(word).contains(wanted));
    }

    private static String folded(String text) {
        return text.strip().toLowerCase(Locale.ROOT);
    }
}
