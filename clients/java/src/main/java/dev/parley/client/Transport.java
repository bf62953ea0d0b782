package dev.parley.client;

import java.util.Optional;

/** One way to the server, from its opening to its end. Used on the client's thread only. */
interface Transport {

    /** The ways there are, best first. */
    enum Kind {
        WEBSOCKET,
        EVENTS,
        POLL
    }

    /** What a transport tells its connection, on the client's thread. */
    interface Sink {
        void frame(Frame frame);

        /** Something arrived that is no frame. */
        void heard();

        /** Once, after which nothing follows. */
        void ended(End end);
    }

    Kind kind();

    /** Whether the frame is on its way. */
    boolean send(Frame frame);

    /** A new token for the requests to come. */
    void renew(Optional<String> token);

    /** Ends it now; a peer that no longer answers is not waited for. */
    void close(int code, String reason);
}
