package dev.parley.application.hub;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Who follows one session, in the order in which they came. Used by one thread at a time. */
final class Followers {

    // Most sessions have one follower.
    private Set<Follower> all = Set.of();
    // The same one behind the other, made when somebody is to be told: a thousand are gone through faster so.
    private @Nullable List<Follower> row;

    void add(Follower follower) {
        row = null;
        if (all.isEmpty()) {
            all = Set.of(follower);
        } else {
            all = all instanceof LinkedHashSet ? all : new LinkedHashSet<>(all);
            all.add(follower);
        }
    }

    void remove(Collection<Follower> gone) {
        row = null;
        if (all instanceof LinkedHashSet) {
            gone.forEach(all::remove);
        } else if (gone.containsAll(all)) {
            all = Set.of();
        }
    }

    void each(Consumer<Follower> told) {
        if (!(all instanceof LinkedHashSet)) {
            all.forEach(told);
            return;
        }
        List<Follower> now = row == null ? List.copyOf(all) : row;
        row = now;
        for (int i = 0; i < now.size(); i++) {
            told.accept(now.get(i));
        }
    }

    /** Those for whom something holds. */
    List<Follower> those(Predicate<Follower> which) {
        return all.stream().filter(which).toList();
    }
}
