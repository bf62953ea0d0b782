package dev.parley.domain.live;

/** Names one live connection. */
public record ConnectionId(String value) {

    @Override
    public String toString() {
        return value;
    }
}
