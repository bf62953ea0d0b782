package dev.parley.domain.project;

/**
 * Names a project that sessions belong to.
 *
 * @param value 1 to {@value #MAX_LENGTH} characters
 */
public record ProjectId(String value) {

    public static final int MAX_LENGTH = 128;

    public ProjectId {
        if (value.isBlank() || value.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("Expected a project id of 1 to " + MAX_LENGTH + " characters");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
