package dev.parley.domain.telemetry;

import dev.parley.domain.access.UserId;
import dev.parley.domain.session.SessionId;
import java.util.List;

/**
 * Who stands out lately.
 *
 * @param busiestUsers who moved the most bytes, the most first
 * @param mostRefusedSessions where the largest share of commands was refused, the largest first; those without any are left out
 */
public record Standouts(List<UserTraffic> busiestUsers, List<SessionErrors> mostRefusedSessions) {

    /** Nobody. */
    public static final Standouts NONE = new Standouts(List.of(), List.of());

    public Standouts {
        busiestUsers = List.copyOf(busiestUsers);
        mostRefusedSessions = List.copyOf(mostRefusedSessions);
    }

    /** How many bytes went to and came from a user. */
    public record UserTraffic(UserId user, long sent, long received) {

        public long total() {
            return sent + received;
        }
    }

    /** How many commands about a session were answered, and how many of them were refused. */
    public record SessionErrors(SessionId session, long commands, long refused) {

        /** From 0 to 1. */
        public double rate() {
            return commands == 0 ? 0 : (double) refused / commands;
        }
    }
}
