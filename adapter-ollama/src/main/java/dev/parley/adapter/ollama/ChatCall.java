package dev.parley.adapter.ollama;

import dev.parley.domain.error.LlmException;
import dev.parley.domain.error.LlmException.Kind;
import dev.parley.domain.llm.Completion;
import dev.parley.domain.llm.Fragment;
import dev.parley.domain.llm.Prompt;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Asks {@code /api/chat} and reads the answer as it grows. */
final class ChatCall {

    private static final int OK = 200;

    private final Wires wires;
    private final OllamaSettings settings;

    ChatCall(Wires wires, OllamaSettings settings) {
        this.wires = wires;
        this.settings = settings;
    }

    Completion stream(Prompt prompt, Consumer<? super Fragment> sink) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        byte[] question = ChatRequest.of(prompt);
        long deadline = wires.in(settings.firstTokenTimeout());
        try (Exchange exchange = asked(question, deadline)) {
            Lines lines = new Lines(exchange, settings.maxLineBytes());
            if (exchange.status() != OK) {
                throw Refusals.refused(exchange.status(), errorText(lines));
            }
            return read(exchange, lines, Duration.ofNanos(Math.max(0, deadline - wires.now())), sink);
        } catch (IOException e) {
            throw new LlmException(Kind.TRUNCATED, "Expected the answer's end, found a broken connection", e);
        }
    }

    private Exchange asked(byte[] question, long deadline) throws InterruptedException {
        try {
            return Exchange.ask(wires, settings.call("/api/chat"), Optional.of(question), deadline);
        } catch (IOException e) {
            throw Refusals.unreachable(settings.server(), e);
        } catch (LateException e) {
            throw noFirstToken();
        }
    }

    private Completion read(
            Exchange exchange, Lines lines, Duration firstTimeout, Consumer<? super Fragment> sink)
            throws IOException, InterruptedException {
        WholePairs answer = new WholePairs();
        WholePairs thought = new WholePairs();
        boolean first = true;
        while (true) {
            AnswerLine line = next(lines, first ? firstTimeout : settings.interTokenTimeout(), first);
            if (line.error().isPresent()) {
                throw new LlmException(Kind.FAILED, "Expected an answer, found an error: " + Refusals.safe(line.error().get()));
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            String thinking = thought.next(line.thinking(), line.done());
            if (!thinking.isEmpty()) {
                first = false;
                sink.accept(new Fragment.Thinking(thinking));
            }
            String text = answer.next(line.content(), line.done());
            if (!text.isEmpty()) {
                first = false;
                sink.accept(new Fragment.Text(text));
                // The first text is never kept waiting, whatever was thought before it.
                exchange.gathers(!wires.gathers().isZero());
            }
            if (line.done()) {
                exchange.gathers(false);
                lines.finish();
                return line.completion();
            }
        }
    }

    private AnswerLine next(Lines lines, Duration timeout, boolean first) throws IOException, InterruptedException {
        return switch (lines.next(timeout)) {
            case Lines.Next.Line line -> AnswerLine.parse(line);
            case Lines.Next.End end -> throw new LlmException(
                    Kind.TRUNCATED, "Expected a last line that says done, found the end of the stream");
            case Lines.Next.Late late -> throw first
                    ? noFirstToken()
                    : new LlmException(Kind.STALLED, "Expected a piece within " + timeout + ", found none");
            case Lines.Next.TooLong tooLong -> throw new LlmException(
                    Kind.FAILED, "Expected a line of at most " + settings.maxLineBytes() + " bytes, found a longer one");
        };
    }

    private LlmException noFirstToken() {
        return new LlmException(
                Kind.NO_FIRST_TOKEN,
                "Expected a first piece within " + settings.firstTokenTimeout() + ", found none");
    }

    /** What a refusal says, as far as it can be had soon. */
    private static String errorText(Lines lines) throws InterruptedException {
        try {
            return lines.next(Duration.ofSeconds(2)) instanceof Lines.Next.Line line
                    ? AnswerLine.errorIn(line).orElse("")
                    : "";
        } catch (IOException e) {
            return "";
        }
    }
}
