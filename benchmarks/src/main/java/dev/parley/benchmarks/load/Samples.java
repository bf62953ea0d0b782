package dev.parley.benchmarks.load;

import java.util.Arrays;

/** Figures of one kind, and what is told of them. */
final class Samples {

    private double[] values = new double[1024];
    private int count;

    void add(double value) {
        if (count == values.length) {
            values = Arrays.copyOf(values, count * 2);
        }
        values[count++] = value;
    }

    int count() {
        return count;
    }

    /** @param share 0 for the least, 1 for the most */
    double at(double share) {
        if (count == 0) {
            return Double.NaN;
        }
        double[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        return sorted[(int) Math.round(share * (count - 1))];
    }

    double median() {
        return at(0.5);
    }
}
