package dev.parley.application.handle;

import dev.parley.application.Ports;
import dev.parley.application.command.Command;
import dev.parley.application.command.Nothing;
import dev.parley.application.command.Outcome;
import dev.parley.application.command.Statistics;
import dev.parley.application.guard.Access;
import dev.parley.application.reply.Replies;
import dev.parley.domain.PageRequest;
import dev.parley.domain.access.Right;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.live.Hint;
import dev.parley.domain.live.Topic;
import java.time.Instant;

/** What administrators do; all of it leaves a trace. */
final class Administration {

    private static final int MAX_ANNOUNCEMENT = 1000;
    private static final int STANDOUTS = 20;

    private final Ports ports;
    private final Access access;
    private final Replies replies;

    Administration(Ports ports, Access access, Replies replies) {
        this.ports = ports;
        this.access = access;
        this.replies = replies;
    }

    Outcome<Nothing> revoke(Call call, Command.RevokeToken command) {
        return access.server(call.caller(), Right.ADMINISTER).then(admin -> {
            access.audit(admin, "revoke_token", command.tokenId());
            ports.revocations().revokeToken(command.tokenId(), ports.clock().instant());
            ports.bus().publish(new Topic.Everywhere(), new Hint.TokenRevoked(command.tokenId()));
            return Outcome.done(Nothing.NOTHING);
        });
    }

    Outcome<Nothing> revoke(Call call, Command.RevokeUser command) {
        return access.server(call.caller(), Right.ADMINISTER).then(admin -> {
            Instant now = ports.clock().instant();
            access.audit(admin, "revoke_user", command.user().value());
            ports.revocations().revokeUser(command.user(), now);
            ports.bus().publish(new Topic.Everywhere(), new Hint.UserRevoked(command.user(), now));
            return Outcome.done(Nothing.NOTHING);
        });
    }

    Outcome<Nothing> announce(Call call, Command.Announce command) {
        return access.server(call.caller(), Right.ADMINISTER).then(admin -> {
            if (command.message().isBlank() || command.message().length() > MAX_ANNOUNCEMENT) {
                return Outcome.refused(
                        ErrorCode.BAD_REQUEST, "Expected 1 to " + MAX_ANNOUNCEMENT + " characters to announce");
            }
            access.audit(admin, "announce", command.level().name());
            ports.bus().publish(new Topic.Everywhere(), new Hint.Announced(command.message(), command.level()));
            return Outcome.done(Nothing.NOTHING);
        });
    }

    Outcome<Statistics> statistics(Call call) {
        return access.server(call.caller(), Right.ADMINISTER)
                .then(admin -> Outcome.done(new Statistics(
                        ports.connections().all(new PageRequest(0, PageRequest.MAX_LIMIT)),
                        replies.waiting(),
                        replies.running(),
                        ports.telemetry().standouts(STANDOUTS))));
    }
}
