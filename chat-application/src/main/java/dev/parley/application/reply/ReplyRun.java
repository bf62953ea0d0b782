package dev.parley.application.reply;

import dev.parley.application.EngineSettings;
import dev.parley.application.Ports;
import dev.parley.domain.error.ChatException;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.error.FencedException;
import dev.parley.domain.error.LlmException;
import dev.parley.domain.live.Hint;
import dev.parley.domain.live.Topic;
import dev.parley.domain.llm.Completion;
import dev.parley.domain.llm.Fragment;
import dev.parley.domain.message.Author;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.reply.Reply;
import dev.parley.domain.reply.StreamHead;
import dev.parley.domain.reply.StreamLog;
import dev.parley.domain.session.Session;
import dev.parley.domain.telemetry.TelemetryEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * One run of a model for one turn, from the choice of the model to the stored end. Runs on a thread of its own; whatever
 * happens, the turn ends exactly once.
 */
final class ReplyRun {

    private static final System.Logger LOG = System.getLogger(ReplyRun.class.getName());

    private final Turn turn;
    private final Ports ports;
    private final EngineSettings settings;
    private final Chooser chooser;
    private final PromptBuilder prompts;
    private final Settlement settlement;

    private final Instant begun;
    private final AtomicBoolean checkpointing = new AtomicBoolean();
    private Optional<Choice> choice = Optional.empty();
    private Optional<StreamLog.Writer> writer = Optional.empty();
    private Optional<DeltaWriter> delta = Optional.empty();
    private Optional<Duration> firstToken = Optional.empty();
    private Instant checkpointed;
    private volatile int safe;

    ReplyRun(
            Turn turn,
            Ports ports,
            EngineSettings settings,
            Chooser chooser,
            PromptBuilder prompts,
            Settlement settlement) {
        this.turn = turn;
        this.ports = ports;
        this.settings = settings;
        this.chooser = chooser;
        this.prompts = prompts;
        this.settlement = settlement;
        this.begun = ports.clock().instant();
        this.checkpointed = begun;
    }

    /** Runs the model and stores what came of it. Returns with the thread's interrupt flag cleared. */
    void run() {
        turn.runBy(Thread.currentThread());
        Ending ending;
        try {
            ending = ask();
        } catch (InterruptedException | CutOff stopped) {
            ending = cutOff();
        } catch (LlmException failed) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "reply={0} session={1} kind={2}: {3}",
                    turn.id(),
                    turn.session(),
                    failed.kind(),
                    failed.getMessage());
            ending = turn.toEnd().isPresent() ? cutOff() : Ending.failed(failed.code());
        } catch (FencedException fenced) {
            turn.end(Turn.End.FENCED);
            ending = cutOff();
        } catch (ChatException broken) {
            LOG.log(System.Logger.Level.ERROR, "reply=" + turn.id() + " session=" + turn.session(), broken);
            ending = Ending.failed(ErrorCode.STORE_UNAVAILABLE);
        } catch (RuntimeException bug) {
            LOG.log(System.Logger.Level.ERROR, "reply=" + turn.id() + " session=" + turn.session(), bug);
            ending = Ending.failed(ErrorCode.INTERNAL);
        } finally {
            turn.runByNobody();
        }
        boolean interrupted = Thread.interrupted();
        if (interrupted && turn.toEnd().isEmpty()) {
            turn.end(Turn.End.SHUTDOWN);
        }
        finish(ending);
    }

    private Ending ask() throws InterruptedException {
        Optional<Session> session = ports.sessions().find(turn.session());
        Optional<Message> question = ports.messages().find(turn.reply().question());
        boolean stopWished = ports.replies()
                .find(turn.id())
                .flatMap(Reply::stopRequestedBy)
                .isPresent();
        if (stopWished || session.isEmpty() || question.isEmpty() || question.get().deleted()) {
            return Ending.of(ReplyStatus.STOPPED);
        }
        Choice chosen = chooser.choose(session.get(), question.get(), turn.ask());
        choice = Optional.of(chosen);
        Author.Agent author = new Author.Agent(chosen.agent().id(), chosen.agent().name());
        StreamHead head = new StreamHead(
                turn.session(), turn.id(), turn.reply().question(), author, chosen.model(), chosen.fallback());
        StreamLog.Writer log = ports.streams().create(head, turn.reply().fence());
        writer = Optional.of(log);
        DeltaWriter out = new DeltaWriter(log, ports.timers(), settings.coalesce());
        delta = Optional.of(out);
        typing(author, true);
        try {
            Completion completion = ports.llm().stream(prompts.build(session.get(), turn, chosen), sink(out, author));
            if (turn.toEnd().isPresent()) {
                return cutOff();
            }
            return new Ending(ReplyStatus.COMPLETED, Optional.empty(), completion.completionTokens());
        } finally {
            if (firstToken.isEmpty()) {
                typing(author, false);
            }
            out.finish();
        }
    }

    private Consumer<Fragment> sink(DeltaWriter out, Author.Agent author) {
        return fragment -> {
            if (turn.toEnd().isPresent() || Thread.currentThread().isInterrupted()) {
                throw new CutOff();
            }
            switch (fragment) {
                case Fragment.Thinking thinking -> {}
                case Fragment.Text text -> {
                    if (firstToken.isEmpty()) {
                        noteFirstToken(author);
                    }
                    out.add(text.text());
                    if (out.length() > settings.maxReplyLength()) {
                        throw new LlmException(
                                LlmException.Kind.FAILED,
                                "Expected a reply of at most " + settings.maxReplyLength() + " characters");
                    }
                    checkpoint(out);
                    pause();
                }
            }
        };
    }

    private void noteFirstToken(Author.Agent author) {
        Duration took = Duration.between(begun, ports.clock().instant());
        firstToken = Optional.of(took);
        typing(author, false);
        choice.ifPresent(chosen -> ports.telemetry().on(new TelemetryEvent.FirstToken(chosen.model(), took)));
    }

    private void typing(Author.Agent author, boolean active) {
        ports.bus()
                .publish(
                        new Topic.OfSession(turn.session()),
                        new Hint.Typing(turn.session(), author.id(), author.name(), true, active));
    }

    /** Makes the text safe from time to time, beside the model's thread. */
    private void checkpoint(DeltaWriter out) {
        Instant now = ports.clock().instant();
        if (now.isBefore(checkpointed.plus(settings.checkpointEvery())) || !checkpointing.compareAndSet(false, true)) {
            return;
        }
        checkpointed = now;
        int from = safe;
        String tail = out.tail(from);
        Thread.ofVirtual().name("checkpoint-" + turn.id()).start(() -> {
            try {
                if (ports.replies().checkpoint(turn.id(), turn.reply().fence(), from, tail)) {
                    safe = from + tail.length();
                } else {
                    turn.end(Turn.End.FENCED);
                }
            } catch (ChatException broken) {
                LOG.log(System.Logger.Level.WARNING, "reply=" + turn.id() + " is not safe", broken);
            } finally {
                checkpointing.set(false);
            }
        });
    }

    private void pause() {
        if (settings.streamDelay().isZero()) {
            return;
        }
        try {
            Thread.sleep(settings.streamDelay());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new CutOff();
        }
    }

    private Ending cutOff() {
        return switch (turn.toEnd().orElse(Turn.End.SHUTDOWN)) {
            case STOP -> Ending.of(ReplyStatus.STOPPED);
            case SHUTDOWN, FENCED -> new Ending(
                    ReplyStatus.INTERRUPTED, Optional.of(ErrorCode.INTERRUPTED), Optional.empty());
        };
    }

    private void finish(Ending ending) {
        Duration took = Duration.between(begun, ports.clock().instant());
        if (turn.toEnd().filter(Turn.End.FENCED::equals).isPresent()) {
            writer.ifPresent(StreamLog.Writer::close);
            turn.ended().complete(null);
            return;
        }
        settlement.settle(
                new Settlement.Final(
                        turn.reply(),
                        delta.map(DeltaWriter::text).orElse(""),
                        ending.status(),
                        ending.error(),
                        choice,
                        ending.tokens(),
                        Optional.of(took),
                        firstToken),
                this::stored);
        ports.telemetry()
                .on(new TelemetryEvent.ReplyEnded(
                        choice.map(Choice::model).orElse(""),
                        ending.status(),
                        ending.error(),
                        ending.tokens().orElse(0),
                        took));
    }

    /** The log ends after the end is stored: it only wakes those who wait for the feed. */
    private void stored() {
        try {
            writer.ifPresent(log -> {
                log.end();
                log.close();
            });
        } catch (ChatException lost) {
            LOG.log(System.Logger.Level.DEBUG, "reply=" + turn.id() + " has no log to end", lost);
        } finally {
            turn.ended().complete(null);
        }
    }

    /** How a run came to its end. */
    private record Ending(ReplyStatus status, Optional<ErrorCode> error, Optional<Integer> tokens) {

        static Ending of(ReplyStatus status) {
            return new Ending(status, Optional.empty(), Optional.empty());
        }

        static Ending failed(ErrorCode code) {
            return new Ending(ReplyStatus.FAILED, Optional.of(code), Optional.empty());
        }
    }

    /** Thrown through the model's adapter to make it let go. */
    private static final class CutOff extends RuntimeException {

        private static final long serialVersionUID = 1L;

        CutOff() {
            super("Expected to be let go of the model", null, false, false);
        }
    }
}
