package dev.parley.client;

import java.time.Duration;

/** Notices a path that has died without a word: after a silence it asks, and without an answer in time the peer is gone. */
final class Liveness {

    private final Loop loop;
    private final Duration deadline;
    private final Runnable ask;
    private final Runnable dead;
    private Duration interval = Duration.ZERO;
    private Loop.Timer timer = Loop.Timer.NONE;
    private long heardAt;
    private boolean asked;

    Liveness(Loop loop, Duration deadline, Runnable ask, Runnable dead) {
        this.loop = loop;
        this.deadline = deadline;
        this.ask = ask;
        this.dead = dead;
    }

    /** @param silence after which to ask */
    void start(Duration silence) {
        stop();
        interval = silence;
        heard();
        waitForSilence();
    }

    void stop() {
        timer.cancel();
    }

    /** Something arrived. Cheap, since it is called for every frame: timers look at it when they fire. */
    void heard() {
        heardAt = System.nanoTime();
        asked = false;
    }

    private void waitForSilence() {
        Duration left = interval.minusNanos(System.nanoTime() - heardAt);
        if (left.isPositive()) {
            timer = loop.later(left, this::waitForSilence);
            return;
        }
        asked = true;
        timer = loop.later(deadline, this::judge);
        ask.run();
    }

    private void judge() {
        if (asked) {
            dead.run();
        } else {
            waitForSilence();
        }
    }
}
