package dev.parley.protocols.connection;

import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;

/** Who is told what comes over a transport. Safe for use by many threads; no method blocks. */
public interface Receiver {

    /** The client sent a frame; frames must arrive here in their order. */
    void received(Frame frame);

    /** The client gave a sign of life that is no frame. */
    void heard();

    /** Closes from this side: last words, then the transport behind them. Later calls change nothing. */
    void close(Closing why);

    /**
     * The transport is at its end, from whichever side. What the client had sent before is still handled.
     *
     * @param code the code the client closed with, 1006 when it was just gone
     */
    void gone(int code);
}
