package dev.parley.protocols.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.event.Event;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.SessionId;
import dev.parley.protocols.Frame;
import dev.parley.protocols.Outgoing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class MailboxTest {

    private final RecordingWriter writer = new RecordingWriter();
    private final ReentrantLock lock = new ReentrantLock();
    private final Listener owner = new Listener();
    private final Mailbox mailbox = mailbox(10_000, 100);

    @Test
    void what_finds_an_empty_mailbox_goes_at_once() {
        say(kept("a"));
        say(kept("b"));
        assertThat(writer.batches).hasSize(2);
        assertThat(writer.texts()).containsExactly("a", "b");
    }

    @Test
    void what_waits_is_written_together() {
        writer.takesAtOnce = false;
        say(kept("a"));
        say(kept("b"));
        say(kept("c"));
        writer.take();
        assertThat(writer.batches).hasSize(2);
        assertThat(writer.batches.get(1)).extracting(Frame::text).containsExactly("b", "c");
    }

    @Test
    void a_batch_holds_about_64_kilobytes_or_one_frame() {
        Mailbox large = mailbox(1_000_000, 1_000);
        writer.takesAtOnce = false;
        say(large, kept("a"));
        say(large, kept("b".repeat(40_000)));
        say(large, kept("c".repeat(40_000)));
        say(large, kept("d".repeat(100_000)));
        writer.take();
        writer.take();
        writer.take();
        assertThat(writer.batches).hasSize(4).allMatch(batch -> batch.size() == 1);
    }

    @Test
    void who_finds_no_room_is_told_once_when_half_of_it_is_free() {
        writer.takesAtOnce = false;
        say(kept("a".repeat(4_000)));
        assertThat(mailbox.hasRoom()).isTrue();
        say(kept("b".repeat(4_000)));
        say(kept("c".repeat(40)));
        assertThat(mailbox.hasRoom()).isFalse();
        assertThat(owner.rooms).isZero();
        writer.take();
        assertThat(owner.rooms).isEqualTo(1);
        assertThat(mailbox.hasRoom()).isTrue();
        writer.take();
        assertThat(owner.rooms).isEqualTo(1);
    }

    @Test
    void an_empty_mailbox_has_room_however_small_it_is() {
        assertThat(mailbox(1, 1).hasRoom()).isTrue();
    }

    @Test
    void frames_take_room_too() {
        Mailbox few = mailbox(10_000, 4);
        writer.takesAtOnce = false;
        say(few, kept("a"));
        say(few, kept("b"));
        assertThat(few.hasRoom()).isTrue();
        say(few, kept("c"));
        assertThat(few.hasRoom()).isFalse();
    }

    @Test
    void grown_text_that_waits_is_merged() {
        writer.takesAtOnce = false;
        say(kept("first"));
        say(grown("r1", 0, "ab"));
        say(grown("r2", 0, "xy"));
        say(hint("typing", "t1"));
        say(grown("r1", 2, "cd"));
        say(grown("r2", 2, "z"));
        writer.take();
        assertThat(writer.texts()).containsExactly("first", "r1@0:abcd", "r2@0:xyz", "t1");
    }

    @Test
    void grown_text_is_not_merged_across_what_must_be_kept() {
        writer.takesAtOnce = false;
        say(kept("first"));
        say(grown("r1", 0, "ab"));
        say(kept("second"));
        say(grown("r1", 2, "cd"));
        writer.take();
        assertThat(writer.texts()).containsExactly("first", "r1@0:ab", "second", "r1@2:cd");
    }

    @Test
    void text_that_does_not_follow_stays_a_piece_of_its_own() {
        writer.takesAtOnce = false;
        say(kept("first"));
        say(grown("r1", 0, "ab"));
        say(grown("r1", 0, "ab"));
        say(grown("r1", 2, "c"));
        writer.take();
        assertThat(writer.texts()).containsExactly("first", "r1@0:ab", "r1@0:abc");
    }

    @Test
    void an_event_that_stands_alone_is_encoded_itself_so_that_its_frame_is_shared() {
        List<Event.ReplyGrew> encoded = new ArrayList<>();
        Mailbox box = mailbox(
                new Listener() {
                    @Override
                    public Frame encode(Event.ReplyGrew grown) {
                        encoded.add(grown);
                        return frame(grown);
                    }
                },
                1_000,
                10);
        Event.ReplyGrew event = new Event.ReplyGrew(new SessionId("s"), new MessageId("r"), 0, "a");
        say(box, new Outgoing.Growing(event));
        assertThat(encoded).hasSize(1);
        assertThat(encoded.getFirst()).isSameAs(event);
    }

    @Test
    void every_frame_is_stamped_once_in_the_order_in_which_it_is_written() {
        AtomicInteger stamps = new AtomicInteger();
        writer.takesAtOnce = false;
        Mailbox box = mailbox(
                new Listener() {
                    @Override
                    public Frame stamped(Frame frame) {
                        return Frame.text(stamps.incrementAndGet() + " " + frame.text());
                    }
                },
                10_000,
                100);
        say(box, kept("first"));
        say(box, new Outgoing.Replaceable("k", Frame.text("old")));
        say(box, grown("r1", 0, "a"));
        say(box, grown("r2", 0, "x"));
        say(box, grown("r1", 1, "b"));
        say(box, new Outgoing.Replaceable("k", Frame.text("new")));
        writer.take();
        assertThat(writer.texts()).containsExactly("1 first", "2 new", "3 r1@0:ab", "4 r2@0:x");
    }

    @Test
    void a_hint_takes_the_place_of_an_older_one() {
        writer.takesAtOnce = false;
        say(kept("first"));
        say(hint("a", "a1"));
        say(hint("b", "b1"));
        say(hint("a", "a2"));
        writer.take();
        assertThat(writer.texts()).containsExactly("first", "a2", "b1");
        say(hint("a", "a3"));
        writer.take();
        assertThat(writer.texts()).endsWith("a3");
    }

    @Test
    void past_the_bound_it_says_so_once_and_takes_only_last_words() {
        writer.takesAtOnce = false;
        say(kept("first"));
        boolean taken = true;
        int said = 0;
        while (taken) {
            taken = mailbox.add(kept("x".repeat(1_000)));
            said++;
        }
        assertThat(said).isBetween(9, 10);
        assertThat(mailbox.add(kept("more"))).isTrue();
        mailbox.finish(List.of(kept("last words")), 4000, "slow");
        mailbox.add(kept("too late"));
        mailbox.flush();
        writer.take();
        writer.take();
        assertThat(writer.texts()).containsExactly("first", "last words");
        assertThat(writer.closings).containsExactly("4000 slow");
    }

    @Test
    void many_small_frames_are_bounded_too() {
        writer.takesAtOnce = false;
        int taken = 0;
        while (mailbox.add(hint("key " + taken, ""))) {
            mailbox.flush();
            taken++;
        }
        assertThat(taken).isEqualTo(100);
    }

    @Test
    void a_single_answer_of_any_size_can_be_told() {
        say(kept("x".repeat(1_000_000)));
        say(kept("y".repeat(1_000_000)));
        assertThat(writer.batches).hasSize(2);
    }

    @Test
    void what_waits_is_written_before_the_end_and_nothing_after() {
        writer.takesAtOnce = false;
        say(kept("a"));
        say(kept("b"));
        mailbox.finish(List.of(kept("bye")), 1000, "asked");
        mailbox.finish(List.of(), 1001, "drain");
        say(kept("too late"));
        writer.take();
        writer.take();
        assertThat(writer.texts()).containsExactly("a", "b", "bye");
        assertThat(writer.closings).containsExactly("1000 asked");
    }

    @Test
    void nothing_is_written_to_a_transport_that_is_gone() {
        writer.takesAtOnce = false;
        say(kept("a"));
        say(kept("b"));
        mailbox.discard();
        say(kept("c"));
        writer.take();
        mailbox.finish(List.of(), 1000, "asked");
        assertThat(writer.texts()).containsExactly("a");
        assertThat(writer.closings).isEmpty();
    }

    @Test
    void a_transport_may_wait_for_more() {
        writer.postpones = true;
        say(kept("a"));
        say(kept("b"));
        assertThat(writer.batches).isEmpty();
        writer.postponed.orElseThrow().run();
        assertThat(writer.batches).hasSize(1);
        assertThat(writer.texts()).containsExactly("a", "b");
    }

    @Test
    void a_turn_that_was_taken_is_the_callers_and_nobody_elses() {
        mailbox.add(kept("a"));
        Mailbox.Turn turn = mailbox.turn();
        say(kept("b"));
        assertThat(mailbox.turn()).isInstanceOf(Mailbox.Turn.Nothing.class);
        assertThat(writer.batches).isEmpty();
        mailbox.perform(turn);
        assertThat(writer.texts()).containsExactly("a", "b");
    }

    @Test
    void last_words_come_behind_a_turn_that_somebody_has() {
        mailbox.add(kept("a"));
        Mailbox.Turn turn = mailbox.turn();
        mailbox.finish(List.of(kept("bye")), 1000, "asked");
        assertThat(writer.closings).isEmpty();
        mailbox.perform(turn);
        assertThat(writer.texts()).containsExactly("a", "bye");
        assertThat(writer.closings).containsExactly("1000 asked");
    }

    @Test
    void a_flush_that_was_postponed_and_comes_too_late_writes_nothing() {
        Mailbox large = mailbox(1_000_000, 100);
        writer.postpones = true;
        writer.takesAtOnce = false;
        say(large, kept("a"));
        Runnable late = writer.postponed.orElseThrow();
        say(large, kept("b".repeat(70_000)));
        assertThat(writer.batches).hasSize(1);
        say(large, kept("c"));
        late.run();
        assertThat(writer.batches).hasSize(1);
        writer.take();
        assertThat(writer.batches).hasSize(2);
    }

    @Test
    void nothing_is_written_while_the_lock_is_held() {
        List<Boolean> held = new ArrayList<>();
        FrameWriter looking = new FrameWriter() {
            @Override
            public void write(List<Frame> batch, Runnable completion) {
                held.add(lock.isHeldByCurrentThread());
                completion.run();
            }

            @Override
            public void close(int code, String reason) {
                held.add(lock.isHeldByCurrentThread());
            }
        };
        Mailbox box = new Mailbox(lock, looking, owner, 1_000, 10);
        say(box, kept("a"));
        box.finish(List.of(), 1000, "asked");
        assertThat(held).containsExactly(false, false);
    }

    @Test
    void what_the_transport_took_is_told_in_frames_and_bytes() {
        writer.takesAtOnce = false;
        say(kept("abc"));
        say(kept("d"));
        say(kept("e"));
        assertThat(owner.frames).isZero();
        writer.take();
        assertThat(owner.frames).isEqualTo(1);
        writer.take();
        assertThat(owner.frames).isEqualTo(3);
        assertThat(owner.bytes).isEqualTo(5);
    }

    @Test
    void however_it_is_offered_and_taken_the_client_sees_all_of_it() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            assertThat(new Conversation(random).holds()).as("seed %d, round %d", seed, round).isTrue();
        }
    }

    /** Offers at random, takes at random, and reads like a client. */
    private static final class Conversation {
        private final Random random;
        private final RecordingWriter writer = new RecordingWriter();
        private final Mailbox mailbox =
                new Mailbox(new ReentrantLock(), writer, new Listener(), 10_000_000, 100_000);
        private final Map<String, StringBuilder> texts = new HashMap<>();
        private final List<String> kept = new ArrayList<>();
        private final Map<String, String> hints = new HashMap<>();

        Conversation(Random random) {
            this.random = random;
        }

        boolean holds() {
            writer.takesAtOnce = random.nextBoolean();
            writer.postpones = random.nextBoolean();
            for (int i = 0; i < 200; i++) {
                offer(i);
                if (random.nextInt(3) > 0) {
                    mailbox.flush();
                }
                if (random.nextInt(4) == 0 && writer.pending.isPresent()) {
                    writer.take();
                }
                if (random.nextInt(4) == 0) {
                    writer.postponed.ifPresent(Runnable::run);
                }
            }
            mailbox.finish(List.of(kept("end")), 1000, "asked");
            while (writer.pending.isPresent()) {
                writer.take();
            }
            return read() && writer.closings.size() == 1;
        }

        private void offer(int number) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    // Says how long each text was then: nothing of it may come later.
                    String reply = "r" + random.nextInt(3);
                    String text = "k" + number + " " + reply + " " + texts.getOrDefault(reply, new StringBuilder()).length();
                    kept.add(text);
                    mailbox.add(MailboxTest.kept(text));
                }
                case 1 -> {
                    String key = "h" + random.nextInt(3);
                    hints.put(key, key + " " + number);
                    mailbox.add(hint(key, key + " " + number));
                }
                default -> {
                    String reply = "r" + random.nextInt(3);
                    StringBuilder text = texts.computeIfAbsent(reply, unused -> new StringBuilder());
                    int from = text.length();
                    text.append(random.nextInt(1_000)).append("é€😀".substring(0, random.nextInt(3)));
                    mailbox.add(grown(reply, from, text.substring(from)));
                }
            }
        }

        private boolean read() {
            Map<String, StringBuilder> seenTexts = new HashMap<>();
            List<String> seenKept = new ArrayList<>();
            Map<String, String> seenHints = new HashMap<>();
            for (String frame : writer.texts()) {
                if (frame.startsWith("r")) {
                    int at = frame.indexOf('@');
                    int colon = frame.indexOf(':');
                    StringBuilder text =
                            seenTexts.computeIfAbsent(frame.substring(0, at), unused -> new StringBuilder());
                    if (text.length() != Integer.parseInt(frame.substring(at + 1, colon))) {
                        return false;
                    }
                    text.append(frame.substring(colon + 1));
                } else if (frame.startsWith("h")) {
                    seenHints.put(frame.substring(0, frame.indexOf(' ')), frame);
                } else if (frame.startsWith("k")) {
                    seenKept.add(frame);
                    String[] words = frame.split(" ", -1);
                    int length = seenTexts.getOrDefault(words[1], new StringBuilder()).length();
                    if (length != Integer.parseInt(words[2])) {
                        return false;
                    }
                }
            }
            return seenKept.equals(kept)
                    && seenHints.equals(hints)
                    && seenTexts.keySet().equals(texts.keySet())
                    && texts.entrySet()
                            .stream()
                            .allMatch(entry -> seenTexts.get(entry.getKey()).compareTo(entry.getValue()) == 0);
        }
    }

    /** Whose mailbox it is, where it matters little. */
    private static class Listener implements Mailbox.Owner {

        int rooms;
        int frames;
        int bytes;

        @Override
        public Frame encode(Event.ReplyGrew grown) {
            return frame(grown);
        }

        @Override
        public Frame stamped(Frame frame) {
            return frame;
        }

        @Override
        public void taken(int more, int size) {
            frames += more;
            bytes += size;
        }

        @Override
        public void roomAgain() {
            rooms++;
        }
    }

    private Mailbox mailbox(int bytes, int frames) {
        return mailbox(owner, bytes, frames);
    }

    private Mailbox mailbox(Mailbox.Owner whose, int bytes, int frames) {
        return new Mailbox(lock, writer, whose, bytes, frames);
    }

    private void say(Outgoing outgoing) {
        say(mailbox, outgoing);
    }

    private static void say(Mailbox box, Outgoing outgoing) {
        assertThat(box.add(outgoing)).isTrue();
        box.flush();
    }

    private static Outgoing kept(String text) {
        return new Outgoing.Kept(Frame.text(text));
    }

    private static Outgoing hint(String key, String text) {
        return new Outgoing.Replaceable(key, Frame.text(text));
    }

    private static Outgoing grown(String reply, long from, String text) {
        return new Outgoing.Growing(new Event.ReplyGrew(new SessionId("s"), new MessageId(reply), from, text));
    }

    private static Frame frame(Event.ReplyGrew grown) {
        return Frame.text(grown.reply() + "@" + grown.from() + ":" + grown.text());
    }
}
