package dev.parley.domain.live;

import dev.parley.domain.Port;
import java.time.Duration;

/** Named things that one node holds at a time, for a while. Safe for use by many threads; may block. */
@Port
public interface Leases {

    /** Takes or renews {@code name} for {@code ttl} from now; false when another owner holds it. */
    boolean acquire(String name, NodeId owner, Duration ttl);

    /** Lets go if {@code owner} holds it. */
    void release(String name, NodeId owner);

    /** Whether somebody holds it now. */
    boolean held(String name);
}
