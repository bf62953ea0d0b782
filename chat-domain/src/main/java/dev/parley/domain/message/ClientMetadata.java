package dev.parley.domain.message;

import java.nio.charset.StandardCharsets;

/**
 * What a client wants kept with its message: a JSON object, kept as text and given back as it came.
 *
 * @param json one JSON object, at most {@value #MAX_BYTES} bytes in UTF-8
 */
public record ClientMetadata(String json) {

    public static final int MAX_BYTES = 8 * 1024;

    public static final ClientMetadata NONE = new ClientMetadata("{}");

    public ClientMetadata {
        if (json.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new IllegalArgumentException("Expected client metadata of at most " + MAX_BYTES + " bytes");
        }
    }
}
