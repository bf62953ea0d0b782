package dev.parley.benchmarks.load;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** One table: what was measured of which server, with every repetition. */
final class Report {

    private final String title;
    private final String reference;
    private final Map<String, Map<String, Samples>> rows = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();

    /** @param reference the column by which servers are compared: lower is better */
    Report(String title, String reference) {
        this.title = title;
        this.reference = reference;
    }

    void add(Target target, String column, double value) {
        add(target.label(), column, value);
    }

    void add(String row, String column, double value) {
        rows.computeIfAbsent(row, name -> new LinkedHashMap<>())
                .computeIfAbsent(column, name -> new Samples())
                .add(value);
    }

    void note(String text) {
        notes.add(text);
    }

    /** Minimum, median and maximum of each figure; the ratio is the first row's median to this row's. */
    void print(PrintStream out) {
        Set<String> columns = new LinkedHashSet<>();
        rows.values().forEach(row -> columns.addAll(row.keySet()));
        out.println();
        out.println("### " + title);
        out.println();
        out.println("| server | " + String.join(" | ", columns) + " | first / this | n |");
        out.println("|---|" + "---|".repeat(columns.size() + 2));
        double first = Double.NaN;
        for (Map.Entry<String, Map<String, Samples>> row : rows.entrySet()) {
            Samples compared = row.getValue().getOrDefault(reference, new Samples());
            first = Double.isNaN(first) ? compared.median() : first;
            StringBuilder line = new StringBuilder("| " + row.getKey());
            int count = 0;
            for (String column : columns) {
                Samples samples = row.getValue().get(column);
                line.append(" | ").append(samples == null ? "–" : written(samples));
                count = Math.max(count, samples == null ? 0 : samples.count());
            }
            double ratio = first / compared.median();
            line.append(" | ").append(Double.isNaN(ratio) ? "–" : number(ratio));
            out.println(line + " | " + count + " |");
        }
        notes.forEach(note -> out.println("\n" + note));
        out.flush();
    }

    private static String written(Samples samples) {
        return samples.count() == 1
                ? number(samples.median())
                : "**" + number(samples.median()) + "** (" + number(samples.at(0)) + "–" + number(samples.at(1)) + ")";
    }

    private static String number(double value) {
        double size = Math.abs(value);
        String pattern = size >= 1000 ? "%,.0f" : size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f";
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, pattern, value);
    }
}
