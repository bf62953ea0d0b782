package dev.parley.adapter.micrometer;

import dev.parley.domain.access.UserId;

/** How many bytes went to and came from a user. */
public record UserTraffic(UserId user, long sent, long received) {

    public long total() {
        return sent + received;
    }
}
