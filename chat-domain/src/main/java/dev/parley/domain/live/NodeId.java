package dev.parley.domain.live;

/** Names one run of one server process; a restarted server is another node. */
public record NodeId(String value) {

    @Override
    public String toString() {
        return value;
    }
}
