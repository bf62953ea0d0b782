package dev.parley.domain.llm;

import java.util.Set;

/**
 * A model that can be asked.
 *
 * @param family what it descends from, empty where unknown
 * @param parameterSize as its server writes it ({@code 8.0B}), empty where unknown
 * @param bytes its size, 0 where unknown
 * @param capabilities {@code completion}, {@code vision}, {@code thinking} … as far as known
 */
public record Model(String name, String family, String parameterSize, long bytes, Set<String> capabilities) {

    /** The name of the model that only shows what answers look like; what it says is never kept as an answer. */
    public static final String DEMO = "demo";

    public Model {
        capabilities = Set.copyOf(capabilities);
    }
}
