package dev.parley.adapter.rest;

import dev.parley.application.command.Outcome;
import dev.parley.domain.error.ErrorCode;
import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;
import dev.parley.protocols.Outgoing;
import dev.parley.protocols.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Does what one frame asks for outside of a connection, and collects what is for its sender alone. */
final class FrameExchange {

    private final Visit visit;
    private final List<Frame> answers = new ArrayList<>();

    FrameExchange(Visit visit) {
        this.visit = visit;
    }

    List<Frame> perform(List<Step> first) {
        Deque<Step> steps = new ArrayDeque<>(first);
        for (Step step = steps.poll(); step != null; step = steps.poll()) {
            List<Step> following = follow(step);
            for (int i = following.size() - 1; i >= 0; i--) {
                steps.addFirst(following.get(i));
            }
        }
        return List.copyOf(answers);
    }

    private List<Step> follow(Step step) {
        return switch (step) {
            case Step.Send send -> {
                if (send.outgoing() instanceof Outgoing.Kept kept) {
                    answers.add(kept.frame());
                }
                yield List.of();
            }
            case Step.Ask<?> ask -> ask(ask);
            case Step.Close close -> throw refused(close.why().reason());
            case Step.Follow follow -> throw unexpected();
            case Step.Replay replay -> throw unexpected();
            case Step.Watch watch -> throw unexpected();
            case Step.Unfollow unfollow -> throw unexpected();
            case Step.Refresh refresh -> throw unexpected();
            case Step.Identify identify -> throw unexpected();
        };
    }

    private <R> List<Step> ask(Step.Ask<R> ask) {
        Outcome<R> outcome = visit.handle(ask.command());
        return ask.then().apply(outcome);
    }

    private static Refused refused(Closing.Reason reason) {
        return reason == Closing.Reason.TOO_LARGE
                ? new Refused(ErrorCode.MESSAGE_TOO_LONG, "Expected a smaller frame")
                : new Refused(ErrorCode.BAD_REQUEST, "Expected a frame of valid, shallow JSON");
    }

    private static IllegalStateException unexpected() {
        return new IllegalStateException("Expected nothing that needs a connection");
    }
}
