package dev.parley.adapter.ollama;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** A short answer, read whole. */
record Brief(int status, byte[] body) {

    private static final int LONGEST = 16 * 1024 * 1024;

    /** @throws dev.parley.domain.error.LlmException when there is no answer in time */
    static Brief get(Wires wires, OllamaSettings settings, String path, Duration patience) {
        return ask(wires, settings, path, Optional.empty(), patience);
    }

    /** As {@link #get}. */
    static Brief post(Wires wires, OllamaSettings settings, String path, byte[] body, Duration patience) {
        return ask(wires, settings, path, Optional.of(body), patience);
    }

    private static Brief ask(
            Wires wires, OllamaSettings settings, String path, Optional<byte[]> body, Duration patience) {
        long deadline = wires.in(patience);
        try (Exchange exchange = Exchange.ask(wires, settings.call(path), body, deadline)) {
            return new Brief(exchange.status(), exchange.all(LONGEST, deadline));
        } catch (IOException | LateException e) {
            throw Refusals.unreachable(settings.server(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Refusals.unreachable(settings.server(), e);
        }
    }
}
