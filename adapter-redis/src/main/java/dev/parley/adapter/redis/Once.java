package dev.parley.adapter.redis;

import java.util.LinkedHashSet;
import java.util.Set;

/** What was heard of that which must be told once: it is said again where only the answer was lost. */
final class Once {

    /** More than all nodes together say again at a time. */
    private static final int REMEMBERED = 1_024;

    private final Set<String> heard = new LinkedHashSet<>();

    /** Whether it is to be told. */
    synchronized boolean isNew(HintCodec.Heard hint) {
        if (hint.once().isEmpty()) {
            return true;
        }
        boolean added = heard.add(hint.publisher() + "/" + hint.once().orElseThrow());
        if (heard.size() > REMEMBERED) {
            heard.remove(heard.iterator().next());
        }
        return added;
    }
}
