package dev.parley.adapter.embedded.sqlite;

import dev.parley.domain.session.SessionId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * The names that clients gave to their messages, as far as it must be known without asking the file whether one is new: nearly every
 * name is. Only a mark of each is kept, so that a name which is not here was surely not given, and one which is here perhaps was.
 *
 * <p>Knows sessions that the writer remembers, all of their names or none. The writer's thread adds, before a step is committed; what
 * is undone stays and does no harm. Anybody may look.
 */
final class SentNames {
    /** Sessions with more names than this in the file are not read for it. */
    static final int READ = 256;

    /** So many places there are for all sessions together. */
    private static final int PLACES = 1 << 21;

    /** Most sessions are never written to while they are remembered. */
    private static final int FIRST = 2;

    private final Map<SessionId, Marks> sessions = new ConcurrentHashMap<>();
    private final AtomicInteger places = new AtomicInteger();

    /** The marks of one session, in places of which at most half are taken; 0 is a free one. */
    private static final class Marks {
        private volatile AtomicIntegerArray places = new AtomicIntegerArray(FIRST);
        private int count;

        boolean holds(String name) {
            AtomicIntegerArray now = places;
            return now.get(place(now, mark(name))) != 0;
        }

        /** False when another place would be one too many. */
        boolean add(String name) {
            int mark = mark(name);
            int place = place(places, mark);
            if (places.get(place) == 0) {
                count++;
                places.set(place, mark);
            }
            return count <= places.length() / 2;
        }

        void grow() {
            AtomicIntegerArray wider = new AtomicIntegerArray(2 * places.length());
            for (int i = 0; i < places.length(); i++) {
                int mark = places.get(i);
                if (mark != 0) {
                    wider.set(place(wider, mark), mark);
                }
            }
            places = wider;
        }

        private static int mark(String name) {
            int mixed = name.hashCode() * 0x9E3779B9;
            return mixed ^ mixed >>> 15 | 1 << 31;
        }

        /** Where the mark is, or would be. */
        private static int place(AtomicIntegerArray places, int mark) {
            int place = mark & places.length() - 1;
            while (places.get(place) != 0 && places.get(place) != mark) {
                place = place + 1 & places.length() - 1;
            }
            return place;
        }
    }

    /** Whether nobody gave {@code name} in the session; false when that is not known. */
    boolean surelyNew(SessionId session, String name) {
        Marks marks = sessions.get(session);
        return marks != null && !marks.holds(name);
    }

    /** From now on all names of the session are known: {@code given} were so far. */
    void begin(SessionId session, List<String> given) {
        forget(session);
        Marks marks = new Marks();
        for (String name : given) {
            if (!marks.add(name)) {
                marks.grow();
            }
        }
        places.addAndGet(marks.places.length());
        sessions.put(session, marks);
    }

    void add(SessionId session, String name) {
        Marks marks = sessions.get(session);
        if (marks == null || marks.add(name)) {
            return;
        }
        int more = marks.places.length();
        if (places.get() + more > PLACES) {
            forget(session);
        } else {
            places.addAndGet(more);
            marks.grow();
        }
    }

    void forget(SessionId session) {
        Marks marks = sessions.remove(session);
        if (marks != null) {
            places.addAndGet(-marks.places.length());
        }
    }
}
