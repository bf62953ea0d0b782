package dev.parley.domain;

/** Something that goes on until it is closed: a subscription, a timer. Closing twice is harmless. */
@FunctionalInterface
public interface Registration extends AutoCloseable {

    /** Ends it; when this returns, nothing new begins because of it. */
    @Override
    void close();
}
