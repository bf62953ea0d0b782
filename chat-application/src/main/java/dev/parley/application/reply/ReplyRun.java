package dev.parley.application.reply;

import dev.parley.application.EngineSettings;
import dev.parley.application.Ports;
import dev.parley.application.time.Beat;
import dev.parley.domain.content.ContentFilter;
import dev.parley.domain.error.ChatException;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.error.FencedException;
import dev.parley.domain.error.LlmException;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.live.Hint;
import dev.parley.domain.live.Topic;
import dev.parley.domain.llm.Completion;
import dev.parley.domain.llm.Fragment;
import dev.parley.domain.llm.Prompt;
import dev.parley.domain.message.Author;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.reply.StreamHead;
import dev.parley.domain.reply.StreamLog;
import dev.parley.domain.session.Session;
import dev.parley.domain.telemetry.TelemetryEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
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
    private final Optional<Naming> naming;
    private final LongAdder words;

    private final Instant begun;
    private Optional<Choice> choice = Optional.empty();
    private Optional<StreamLog.Writer> writer = Optional.empty();
    private Optional<DeltaWriter> delta = Optional.empty();
    private Optional<ContentFilter.Passage> passage = Optional.empty();
    private Optional<Checkpoints> checkpoints = Optional.empty();
    private Optional<Beat> typing = Optional.empty();
    private Optional<Duration> firstToken = Optional.empty();

    ReplyRun(
            Turn turn,
            Ports ports,
            EngineSettings settings,
            Chooser chooser,
            PromptBuilder prompts,
            Settlement settlement,
            Optional<Naming> naming,
            LongAdder words) {
        this.turn = turn;
        this.ports = ports;
        this.settings = settings;
        this.chooser = chooser;
        this.prompts = prompts;
        this.settlement = settlement;
        this.naming = naming;
        this.words = words;
        this.begun = ports.clock().instant();
        turn.begins(begun);
    }

    /** Runs the model and stores what came of it. Returns with the thread's interrupt flag cleared. */
    void run() {
        Ending ending = ended();
        try {
            checkpoints.ifPresent(Checkpoints::close);
            typesNoLonger();
            passage.map(ContentFilter.Passage::end).ifPresent(this::letOut);
            delta.ifPresent(DeltaWriter::finish);
        } catch (FencedException fenced) {
            turn.fenced(fenced.getMessage());
        } catch (RuntimeException broken) {
            LOG.log(System.Logger.Level.ERROR, "reply=" + turn.id() + " session=" + turn.session(), broken);
        }
        finish(ending);
    }

    /** The last of what the filter held back. */
    private void letOut(String rest) {
        if (!rest.isEmpty()) {
            delta.ifPresent(out -> out.add(rest));
        }
    }

    /** Asks, and tells how that ended; from its return on nobody interrupts this thread because of the turn. */
    private Ending ended() {
        turn.runBy(Thread.currentThread());
        try {
            return turn.toEnd().isPresent() ? cutOff() : ask();
        } catch (InterruptedException | CutOff stopped) {
            return cutOff();
        } catch (FencedException fenced) {
            turn.fenced(fenced.getMessage());
            return cutOff();
        } catch (RuntimeException | Error failed) {
            return turn.toEnd().isPresent() ? cutOff() : failed(failed);
        } finally {
            turn.runByNobody();
            // Once nobody interrupts any more; what came before must not disturb the stores.
            boolean cleared = Thread.interrupted();
            LOG.log(System.Logger.Level.TRACE, "reply={0} interrupted={1}", turn.id(), cleared);
        }
    }

    private Ending failed(Throwable failed) {
        if (failed instanceof LlmException model) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "reply={0} session={1} kind={2}: {3}",
                    turn.id(),
                    turn.session(),
                    model.kind(),
                    model.getMessage());
            return Ending.failed(model.code());
        }
        LOG.log(System.Logger.Level.ERROR, "reply=" + turn.id() + " session=" + turn.session(), failed);
        return Ending.failed(
                failed instanceof UnavailableException ? ErrorCode.STORE_UNAVAILABLE : ErrorCode.INTERNAL);
    }

    private Ending ask() throws InterruptedException {
        Optional<Session> session = ports.sessions().find(turn.session());
        List<Message> context = prompts.context(turn);
        if (session.isEmpty() || context.isEmpty()) {
            return Ending.of(ReplyStatus.STOPPED);
        }
        Choice chosen = chooser.choose(session.get(), context.getLast(), turn.ask());
        choice = Optional.of(chosen);
        Prompt prompt = prompts.build(session.get(), context, turn, chosen);
        Author.Agent author = new Author.Agent(chosen.agent().id(), chosen.agent().name());
        writer = log(new StreamHead(
                turn.session(), turn.id(), turn.reply().question(), author, chosen.model(), chosen.fallback()));
        DeltaWriter out = new DeltaWriter(turn.id(), writer, ports.timers(), window(chosen.model()));
        delta = Optional.of(out);
        passage = settings.content().replies() ? Optional.of(ports.filter().begin()) : Optional.empty();
        Checkpoints safe =
                new Checkpoints(turn, out, ports.replies(), ports.timers(), settings.checkpointEvery());
        checkpoints = Optional.of(safe);
        types(author);
        Completion completion = ports.llm().stream(prompt, sink(out, safe));
        if (turn.toEnd().isPresent()) {
            return cutOff();
        }
        return new Ending(ReplyStatus.COMPLETED, Optional.empty(), completion.completionTokens());
    }

    /** What the model's adapter lets gather is written soon, and need not gather again. */
    private Duration window(String model) {
        if (settings.coalesce().isZero()) {
            return Duration.ZERO;
        }
        Duration rest = settings.coalesce().minus(ports.llm().gathers(model));
        return rest.compareTo(DeltaWriter.SOON) > 0 ? rest : DeltaWriter.SOON;
    }

    /** Without a log the reply is told when it has ended: that is no reason not to give it. */
    private Optional<StreamLog.Writer> log(StreamHead head) {
        try {
            return Optional.of(ports.streams().create(head, turn.reply().fence()));
        } catch (UnavailableException away) {
            LOG.log(System.Logger.Level.WARNING, "reply=" + turn.id() + " has no log", away);
            return Optional.empty();
        }
    }

    private Consumer<Fragment> sink(DeltaWriter out, Checkpoints safe) {
        return fragment -> {
            if (turn.toEnd().isPresent()) {
                throw new CutOff();
            }
            switch (fragment) {
                case Fragment.Thinking thinking -> {}
                case Fragment.Text(String text) when text.isEmpty() -> {}
                case Fragment.Text(String text) -> {
                    if (firstToken.isEmpty()) {
                        noteFirstToken();
                    }
                    words.increment();
                    String said = passage.isPresent() ? passage.get().add(text) : text;
                    if (!said.isEmpty()) {
                        grow(out, safe, said);
                    }
                    typesNoLonger();
                    pause();
                }
            }
        };
    }

    private void grow(DeltaWriter out, Checkpoints safe, String text) {
        int length = out.add(text);
        safe.grown();
        if (length > settings.maxReplyLength()) {
            throw new LlmException(
                    LlmException.Kind.FAILED,
                    "Expected a reply of at most " + settings.maxReplyLength() + " characters");
        }
    }

    private void noteFirstToken() {
        Duration took = Duration.between(begun, ports.clock().instant());
        firstToken = Optional.of(took);
        turn.firstText(took);
        choice.ifPresent(chosen -> ports.telemetry().on(new TelemetryEvent.FirstToken(chosen.model(), took)));
    }

    /** The agent types until its first text; said again and again, since those who hear it forget it after a while. */
    private void types(Author.Agent author) {
        typing(author, true);
        typing = Optional.of(Beat.every(
                settings.typingLife().dividedBy(3),
                ports.timers(),
                "to say that an agent types",
                () -> typing(author, true)));
    }

    private void typesNoLonger() {
        if (typing.isPresent()) {
            typing.get().close();
            typing = Optional.empty();
            choice.ifPresent(chosen -> typing(
                    new Author.Agent(chosen.agent().id(), chosen.agent().name()), false));
        }
    }

    private void typing(Author.Agent author, boolean active) {
        ports.bus()
                .publish(
                        new Topic.OfSession(turn.session()),
                        new Hint.Typing(turn.session(), author.id(), author.name(), true, active));
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
            turn.tellFenced();
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
                () -> stored(ending));
        ports.telemetry()
                .on(new TelemetryEvent.ReplyEnded(
                        choice.map(Choice::model).orElse(""),
                        ending.status(),
                        ending.error(),
                        ending.tokens().orElse(0),
                        took));
    }

    /** The log ends after the end is stored: it only wakes those who wait for the feed. */
    private void stored(Ending ending) {
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
        if (ending.status() == ReplyStatus.COMPLETED) {
            choice.ifPresent(chosen -> naming.ifPresent(
                    titles -> titles.answered(turn.session(), chosen.model(), turn.asker())));
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
