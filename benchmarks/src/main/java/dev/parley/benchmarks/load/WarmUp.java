package dev.parley.benchmarks.load;

import java.util.function.Supplier;

/**
 * Repetitions that do not count. A compiler that shares one core with what it compiles takes its time: it is waited for until it takes
 * next to nothing, since servers run for longer than a few seconds.
 */
final class WarmUp {

    private static final double RESTING_PERCENT = 2;
    private static final int MOST = 20;

    private WarmUp() {}

    /**
     * Repeats something.
     *
     * @param least so often at least
     * @param once answers what compilers took of the server's processor time meanwhile, in percent
     */
    static void of(int least, Supplier<Double> once) {
        double compiling = 100;
        for (int i = 0; i < least || compiling > RESTING_PERCENT && i < MOST; i++) {
            compiling = once.get();
        }
    }
}
