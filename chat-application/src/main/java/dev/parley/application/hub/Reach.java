package dev.parley.application.hub;

import java.util.OptionalLong;

/**
 * How far a follower was told for sure. What was told last may still be on its way when a connection breaks; what was told
 * before a sign of life was asked for has arrived when it comes. Safe for use by many threads.
 */
final class Reach {

    private long toldAtSign;
    private long sure;
    private long saved;

    /** The client gave a sign of life, having been told up to {@code told}: it has what it was told up to the sign before. */
    synchronized void sign(long told) {
        sure = Math.max(sure, toldAtSign);
        toldAtSign = told;
    }

    /** The client has what it was told up to {@code told}. */
    synchronized void has(long told) {
        sure = Math.max(sure, told);
        toldAtSign = Math.max(toldAtSign, told);
    }

    /** Whether it may not have all that it was told. */
    synchronized boolean behind(long told) {
        return sure < told;
    }

    /** How far it was told for sure, if that is further than when this was asked last. */
    synchronized OptionalLong news() {
        if (sure <= saved) {
            return OptionalLong.empty();
        }
        saved = sure;
        return OptionalLong.of(sure);
    }
}
