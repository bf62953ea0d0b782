package dev.parley.bootstrap;

import dev.parley.domain.limit.Decision;
import dev.parley.domain.limit.LimitKey;
import dev.parley.domain.limit.Quota;
import dev.parley.domain.limit.RateLimiter;
import dev.parley.domain.limit.Usage;
import java.util.List;

/** What one connection may do is counted on the node that has it; no other node could ever be asked about it. */
record ConnectionLimits(RateLimiter here, RateLimiter everywhere) implements RateLimiter {

    private static final String OF_CONNECTIONS = "frames";

    @Override
    public Decision tryAcquire(List<Demand> demands) {
        boolean ofConnections = demands.stream().allMatch(demand -> ofConnection(demand.key()));
        return (ofConnections ? here : everywhere).tryAcquire(demands);
    }

    @Override
    public Usage usage(LimitKey key, Quota quota) {
        return (ofConnection(key) ? here : everywhere).usage(key, quota);
    }

    private static boolean ofConnection(LimitKey key) {
        return key.bucket().equals(OF_CONNECTIONS);
    }
}
