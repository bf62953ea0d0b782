package dev.parley.protocols.rooms;

import java.util.Map;

/**
 * What answers cost.
 *
 * @param perThousand US dollars for 1,000 tokens of an answer, by the model's name; what is not in it costs nothing
 */
public record Prices(Map<String, Double> perThousand) {

    public static final Prices FREE = new Prices(Map.of());

    private static final double BILLION = 1e9;

    public Prices {
        perThousand = Map.copyOf(perThousand);
    }

    /** What {@code tokens} of {@code model} cost, to a billionth of a dollar; a name without a tag means its {@code :latest}. */
    public double of(String model, int tokens) {
        String bare = model.endsWith(":latest") ? model.substring(0, model.length() - ":latest".length()) : model;
        double price = perThousand.getOrDefault(model, perThousand.getOrDefault(bare, 0.0));
        return Math.round(price * tokens / 1000 * BILLION) / BILLION;
    }
}
