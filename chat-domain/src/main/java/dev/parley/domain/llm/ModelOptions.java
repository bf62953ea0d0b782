package dev.parley.domain.llm;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How a model should write.
 *
 * @param temperature 0 to 2
 * @param maxTokens at most so many tokens, from 1
 * @param seed for a repeatable text, where the model has such
 * @param others passed on as they are: numbers, texts and truths by the model server's own names
 */
public record ModelOptions(
        Optional<Double> temperature, Optional<Integer> maxTokens, Optional<Long> seed, Map<String, Object> others) {

    public static final ModelOptions DEFAULT =
            new ModelOptions(Optional.empty(), Optional.empty(), Optional.empty(), Map.of());

    public ModelOptions {
        others = Map.copyOf(others);
        if (temperature.isPresent() && !(temperature.get() >= 0 && temperature.get() <= 2)) {
            throw new IllegalArgumentException("Expected a temperature of 0 to 2, found " + temperature.get());
        }
        if (maxTokens.isPresent() && maxTokens.get() < 1) {
            throw new IllegalArgumentException("Expected at least 1 token, found " + maxTokens.get());
        }
    }

    /** These, and where they do not say, {@code defaults}. */
    public ModelOptions over(ModelOptions defaults) {
        Map<String, Object> merged = new LinkedHashMap<>(defaults.others);
        merged.putAll(others);
        return new ModelOptions(
                temperature.or(defaults::temperature), maxTokens.or(defaults::maxTokens), seed.or(defaults::seed), merged);
    }
}
