package dev.parley.protocols.connection;

import dev.parley.application.command.Outcome;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.Verification;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.error.UnavailableException;
import dev.parley.protocols.Closing;
import dev.parley.protocols.Step;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Does a connection's steps, each with all that follows from it before the next. Used by one thread at a time, which blocks where
 * the engine does.
 */
final class Agenda {

    private static final System.Logger LOG = System.getLogger(Agenda.class.getName());

    private final Connection connection;
    private final Entrance entrance;
    private final Connections all;
    // Made at the first one: most clients are never denied anything.
    private @Nullable Denials denials;

    Agenda(Connection connection, Entrance entrance, Connections all) {
        this.connection = connection;
        this.entrance = entrance;
        this.all = all;
    }

    /** Does everything that follows; what was said is on its way when this returns. */
    void perform(Supplier<List<Step>> begin) {
        Deque<Step> steps = new ArrayDeque<>(4);
        goOn(steps, begin);
        for (Step next = steps.poll(); next != null; next = steps.poll()) {
            step(next, steps);
        }
        connection.settle();
    }

    private void step(Step step, Deque<Step> steps) {
        switch (step) {
            case Step.Send send -> connection.sendNext(send.outgoing());
            case Step.Ask<?> ask -> ask(ask, steps);
            case Step.Follow following -> {
                connection.settle();
                var outcome = entrance.link().follow(following.session(), following.from());
                goOn(steps, () -> following.then().apply(outcome));
            }
            case Step.Replay replay -> {
                connection.settle();
                var outcome = entrance.link().replay(replay.session(), replay.from());
                goOn(steps, () -> replay.then().apply(outcome));
            }
            case Step.Watch watch -> {
                connection.settle();
                var outcome = entrance.link().watch(watch.what(), watch.known());
                goOn(steps, () -> watch.then().apply(outcome));
            }
            case Step.Unfollow unfollow -> entrance.link().unfollow(unfollow.session());
            case Step.Refresh refresh -> {
                connection.settle();
                var outcome = refreshed(refresh.token());
                goOn(steps, () -> refresh.then().apply(outcome));
            }
            case Step.Identify identify -> {
                connection.settle();
                var outcome = entrance.identify(identify.token(), identify.clientId());
                goOn(steps, () -> identify.then().apply(outcome));
            }
            case Step.Close close -> {
                steps.clear();
                connection.settle();
                connection.close(close.why());
            }
        }
    }

    private <R> void ask(Step.Ask<R> ask, Deque<Step> steps) {
        connection.settle();
        Outcome<R> outcome = entrance.link().handle(ask.command());
        goOn(steps, () -> ask.then().apply(outcome));
        if (outcome instanceof Outcome.Refused<R> refused
                && refused.refusal().code() == ErrorCode.RATE_LIMIT
                && tooManyDenials()) {
            steps.addLast(new Step.Close(Closing.because(Closing.Reason.LIMITS)));
        }
    }

    private boolean tooManyDenials() {
        Denials counted = denials == null ? new Denials(all.settings.denials(), all.settings.denialWindow()) : denials;
        denials = counted;
        return counted.tooMany(all.clock.millis());
    }

    /** Puts what follows from a step before the steps that were already to be done. */
    private void goOn(Deque<Step> steps, Supplier<List<Step>> continuation) {
        List<Step> following = connection.locked(continuation);
        for (int i = following.size() - 1; i >= 0; i--) {
            steps.addFirst(following.get(i));
        }
    }

    private Outcome<Principal> refreshed(String token) {
        try {
            return switch (all.verifier.verify(token)) {
                case Verification.Verified verified -> entrance.link().refresh(verified.principal());
                case Verification.Refused refused -> Outcome.refused(
                        refused.expired() ? ErrorCode.TOKEN_EXPIRED : ErrorCode.UNAUTHORIZED,
                        "Expected a token that is genuine and in force");
            };
        } catch (UnavailableException unavailable) {
            LOG.log(System.Logger.Level.WARNING, "connection=" + connection.id() + " no token can be verified now", unavailable);
            return Outcome.refused(ErrorCode.STORE_UNAVAILABLE, "Expected to be able to verify tokens");
        }
    }
}
