package dev.parley.protocols.http;

import java.io.IOException;

/** Answers the requests below one path. Safe for use by many threads. */
@FunctionalInterface
public interface HttpEndpoint {

    /**
     * Answers one request, on a virtual thread of its own, so it may block for as long as the answer takes: the answer is
     * complete when this returns.
     *
     * @throws IOException when the client is gone
     */
    void answer(HttpExchange exchange) throws IOException;
}
