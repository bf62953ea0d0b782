package dev.parley.adapter.ollama;

import dev.parley.domain.error.LlmException;
import dev.parley.domain.error.LlmException.Kind;
import java.net.URI;

/** What went wrong, in the words of the port. */
final class Refusals {

    private static final int LONGEST_TEXT = 300;

    private Refusals() {}

    static LlmException refused(int status, String error) {
        Kind kind =
                switch (status) {
                    case 404 -> Kind.NOT_FOUND;
                    case 429, 503 -> Kind.OVERLOADED;
                    default -> status >= 400 && status < 500 ? Kind.REJECTED : Kind.FAILED;
                };
        return new LlmException(kind, "Expected status 200, found " + status + (error.isEmpty() ? "" : ": " + safe(error)));
    }

    static LlmException unreachable(URI server, Throwable cause) {
        return new LlmException(
                Kind.UNAVAILABLE,
                "Expected an answer from " + server + ", found " + cause.getClass().getSimpleName(),
                cause);
    }

    /** A server's own words, short and on one line. */
    static String safe(String text) {
        String line = text.replaceAll("\\p{Cntrl}", " ");
        return line.length() <= LONGEST_TEXT ? line : line.substring(0, LONGEST_TEXT) + "…";
    }
}
