package dev.parley.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.domain.PageRequest;
import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.FileName;
import dev.parley.domain.attachment.MimeType;
import dev.parley.domain.attachment.Sha256;
import dev.parley.domain.attachment.Upload;
import dev.parley.domain.change.Change;
import dev.parley.domain.message.Message;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.AttachmentStore;
import dev.parley.domain.store.AttachmentStore.Begin;
import dev.parley.domain.store.Slice;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What every {@link AttachmentStore} keeps to, together with the changes that bring files into sessions. */
public abstract class AttachmentStoreContract extends DurableContract {
    private static final long PLENTY = Long.MAX_VALUE / 4;
    private static final AttachmentId FILE = new AttachmentId("F-1_a");

    private AttachmentStore files() {
        return stores().attachments();
    }

    private static Upload upload(String id, UserId owner, long size) {
        return new Upload(
                new AttachmentId(id),
                owner,
                Optional.of(ROOM),
                FileName.of("Foto 'ç' 名.png"),
                new MimeType("image/png"),
                size,
                true,
                START,
                START);
    }

    private static Attachment finished(Upload upload) {
        Sha256 hash = Sha256.of(upload.id().value().getBytes(StandardCharsets.UTF_8));
        return upload.finished(new MimeType("image/png"), upload.size(), hash, START.plusSeconds(1));
    }

    /** Uploads a file and leaves it without a session. */
    private Attachment upload(String id) {
        Upload upload = upload(id, ANA, 10);
        assertThat(files().begin(upload, PLENTY)).isEqualTo(Begin.BEGUN);
        Attachment attachment = finished(upload);
        assertThat(files().finish(attachment)).isTrue();
        return attachment;
    }

    private Attachment bring(SessionId session, Attachment attachment) {
        append(session, tick(), Change.AttachmentAdded.of(attachment, ANA));
        return attachment;
    }

    private Message sayWith(SessionId session, Attachment... attachments) {
        return add(message(session, ANA, "look").withAttachments(List.of(attachments)));
    }

    @Nested
    class Uploads {
        @Test
        void an_upload_is_kept_with_all_its_fields() {
            Upload exact = upload("A_b-1", Sample.HOSTILE_USER, 12_345_678_901L);
            Upload open = new Upload(
                    new AttachmentId("a_B-1"), ANA, Optional.empty(), FileName.of("x"), MimeType.UNKNOWN, 0, false, START,
                    START.plusSeconds(3));
            assertThat(files().begin(exact, PLENTY)).isEqualTo(Begin.BEGUN);
            assertThat(files().begin(open, PLENTY)).isEqualTo(Begin.BEGUN);
            reopen();
            assertThat(files().upload(exact.id())).contains(exact);
            assertThat(files().upload(open.id())).contains(open);
            assertThat(files().upload(FILE)).isEmpty();
            assertThat(files().find(exact.id())).isEmpty();
        }

        @Test
        void an_id_is_taken_by_an_upload_and_by_the_file_that_it_became() {
            Upload upload = upload("one", ANA, 10);
            files().begin(upload, PLENTY);
            assertThat(files().begin(upload("one", BEN, 1), PLENTY)).isEqualTo(Begin.TAKEN);
            assertThat(files().upload(upload.id())).contains(upload);
            files().finish(finished(upload));
            assertThat(files().begin(upload("one", BEN, 1), PLENTY)).isEqualTo(Begin.TAKEN);
        }

        @Test
        void touching_moves_it_behind_those_that_stand_still() {
            Upload first = upload("one", ANA, 1);
            Upload second = upload("two", ANA, 1);
            files().begin(first, PLENTY);
            files().begin(second.touched(START.plusSeconds(1)), PLENTY);
            Instant all = START.plusSeconds(1000);
            assertThat(files().untouchedSince(all, 10)).extracting(Upload::id).containsExactly(first.id(), second.id());
            files().touch(first.id(), START.plusSeconds(2));
            files().touch(new AttachmentId("nobody"), START);
            reopen();
            assertThat(files().untouchedSince(all, 10)).extracting(Upload::id).containsExactly(second.id(), first.id());
            assertThat(files().untouchedSince(all, 1)).extracting(Upload::id).containsExactly(second.id());
            assertThat(files().untouchedSince(START.plusSeconds(2), 10)).extracting(Upload::id).containsExactly(second.id());
            assertThat(files().upload(first.id())).contains(first.touched(START.plusSeconds(2)));
        }

        @Test
        void it_becomes_a_file_once() {
            Upload upload = upload("one", ANA, 10);
            files().begin(upload, PLENTY);
            Attachment attachment = finished(upload);
            assertThat(files().finish(attachment)).isTrue();
            assertThat(files().finish(attachment)).isFalse();
            assertThat(files().abandon(upload.id())).isFalse();
            reopen();
            assertThat(files().upload(upload.id())).isEmpty();
            assertThat(files().find(upload.id())).contains(attachment);
        }

        @Test
        void what_was_abandoned_becomes_nothing() {
            Upload upload = upload("one", ANA, 10);
            files().begin(upload, PLENTY);
            assertThat(files().abandon(upload.id())).isTrue();
            assertThat(files().abandon(upload.id())).isFalse();
            assertThat(files().finish(finished(upload))).isFalse();
            assertThat(files().upload(upload.id())).isEmpty();
            assertThat(files().find(upload.id())).isEmpty();
            assertThat(files().begin(upload("one", BEN, 1), PLENTY)).isEqualTo(Begin.BEGUN);
        }

        @Test
        void one_of_many_finishers_wins() throws Exception {
            Upload upload = upload("one", ANA, 10);
            files().begin(upload, PLENTY);
            List<Future<Boolean>> answers = new ArrayList<>();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 16; i++) {
                    answers.add(threads.submit(() -> files().finish(finished(upload))));
                }
            }
            int won = 0;
            for (Future<Boolean> answer : answers) {
                won += answer.get() ? 1 : 0;
            }
            assertThat(won).isEqualTo(1);
        }
    }

    @Nested
    class Quotas {
        @Test
        void uploads_and_files_count_for_their_owner_alone_and_links_cost_nothing() {
            files().begin(upload("one", ANA, 10), PLENTY);
            files().begin(upload("two", ANA, 5_000_000_000L), PLENTY);
            files().begin(upload("ben", BEN, 7), PLENTY);
            files().finish(finished(upload("one", ANA, 10)));
            open(ROOM);
            bring(ROOM, Sample.link("link", START));
            assertThat(files().bytesOf(ANA)).isEqualTo(5_000_000_010L);
            assertThat(files().bytesOf(BEN)).isEqualTo(7);
            assertThat(files().bytesOf(new UserId("zoe"))).isZero();
        }

        @Test
        void nothing_begins_beyond_the_quota_and_what_goes_makes_room() {
            assertThat(files().begin(upload("one", ANA, 60), 100)).isEqualTo(Begin.BEGUN);
            assertThat(files().begin(upload("two", ANA, 41), 100)).isEqualTo(Begin.OVER_QUOTA);
            assertThat(files().upload(new AttachmentId("two"))).isEmpty();
            assertThat(files().begin(upload("two", ANA, 40), 100)).isEqualTo(Begin.BEGUN);
            files().abandon(new AttachmentId("one"));
            assertThat(files().begin(upload("three", ANA, 60), 100)).isEqualTo(Begin.BEGUN);
        }

        @Test
        void a_smaller_file_than_reserved_gives_the_rest_back() {
            Upload atMost = new Upload(
                    FILE, ANA, Optional.empty(), FileName.of("x.txt"), MimeType.UNKNOWN, 100, false, START, START);
            files().begin(atMost, 100);
            files().finish(atMost.finished(MimeType.UNKNOWN, 30, Sha256.of(new byte[0]), START));
            assertThat(files().bytesOf(ANA)).isEqualTo(30);
        }
    }

    @Nested
    class InSessions {
        @Test
        void a_file_comes_with_a_change_and_keeps_all_its_fields() {
            open(ROOM);
            Attachment file = bring(ROOM, Sample.file("F-1_a", START));
            Attachment link = bring(ROOM, Sample.link("f-1_A", START));
            reopen();
            assertThat(files().find(file.id())).contains(file);
            assertThat(files().find(link.id())).contains(link);
            assertThat(files().of(ROOM, PageRequest.first()).items()).containsExactly(file, link);
            assertThat(files().of(ROOM, new PageRequest(1, 1)).items()).containsExactly(link);
            assertThat(files().of(ROOM, new PageRequest(1, 1)).total()).isEqualTo(2);
            assertThat(changesAfter(ROOM, 1, 10)).extracting(Change::body)
                    .containsExactly(
                            Change.AttachmentAdded.of(file, ANA), Change.AttachmentAdded.of(link, ANA));
        }

        @Test
        void a_step_sees_the_files_of_its_session_alone() {
            open(ROOM);
            open(OTHER);
            Attachment file = bring(ROOM, upload("one"));
            boolean here = stores().sessions().write(ROOM, step -> step.attachment(file.id()).equals(Optional.of(file)));
            boolean there = stores().sessions().write(OTHER, step -> step.attachment(file.id()).isPresent());
            boolean same = stores().sessions().write(OTHER, step -> {
                step.append(tick(), Change.AttachmentAdded.of(file, BEN));
                return step.attachment(file.id()).isPresent();
            });
            assertThat(here).isTrue();
            assertThat(there).isFalse();
            assertThat(same).isTrue();
            assertThat(files().sessionsWith(file.id())).containsExactlyInAnyOrder(ROOM, OTHER);
            assertThat(files().sessionsWith(new AttachmentId("nothing"))).isEmpty();
        }

        @Test
        void a_step_that_fails_brings_nothing() {
            open(ROOM);
            Attachment file = Sample.file("F-1_a", START);
            assertThatThrownBy(() -> stores().sessions().write(ROOM, step -> {
                step.append(tick(), Change.AttachmentAdded.of(file, ANA));
                throw new IllegalStateException("no");
            })).isInstanceOf(IllegalStateException.class);
            assertThat(files().find(file.id())).isEmpty();
            assertThat(files().of(ROOM, PageRequest.first()).items()).isEmpty();
            assertThat(changes(ROOM)).hasSize(1);
        }

        @Test
        void a_file_is_in_a_session_once_and_what_was_known_of_it_stays() {
            open(ROOM);
            Attachment file = bring(ROOM, upload("one"));
            Attachment other = Sample.file("one", START);
            bring(ROOM, other);
            assertThat(files().of(ROOM, PageRequest.first()).items()).containsExactly(file);
            assertThat(files().find(file.id())).contains(file);
        }

        @Test
        void messages_show_their_files_in_their_order_wherever_they_are_read() {
            open(ROOM);
            Attachment one = bring(ROOM, upload("one"));
            Attachment two = bring(ROOM, upload("two"));
            Message message = sayWith(ROOM, two, one);
            reopen();
            assertThat(message.attachments()).containsExactly(two, one);
            assertThat(now(message.id())).isEqualTo(message);
            assertThat(stores().messages().page(ROOM, new Slice.Newest(5)).items()).containsExactly(message);
            assertThat(stores().messages().context(ROOM, message.position(), 5)).containsExactly(message);
            assertThat(changes(ROOM).getLast().body()).isEqualTo(new Change.MessageAdded(message));
            assertThat(stores().sessions().<Boolean>write(ROOM, step -> step.mentioned(one.id()))).isTrue();
            assertThat(stores().sessions().<Boolean>write(ROOM, step -> step.mentioned(FILE))).isFalse();
        }

        @Test
        void a_message_may_get_files_later_and_keeps_them_through_other_changes() {
            open(ROOM);
            Message message = say(ROOM, "plain");
            Attachment one = bring(ROOM, upload("one"));
            Message with = now(message.id()).withAttachments(List.of(one));
            append(ROOM, tick(), new Change.AttachmentsChanged(with, ANA));
            edit(message.id(), "changed");
            append(ROOM, tick(), new Change.ReactionChanged(now(message.id()).toggled(BEN, "x"), BEN, "x", true));
            reopen();
            assertThat(now(message.id()).attachments()).containsExactly(one);
            assertThat(changes(ROOM).get(3).body()).isEqualTo(new Change.AttachmentsChanged(now(message.id()), ANA));
        }

        @Test
        void a_deleted_message_has_no_files_and_the_session_still_does() {
            open(ROOM);
            Attachment one = bring(ROOM, upload("one"));
            Message message = sayWith(ROOM, one);
            delete(message.id());
            assertThat(now(message.id()).attachments()).isEmpty();
            assertThat(stores().sessions().<Boolean>write(ROOM, step -> step.mentioned(one.id()))).isFalse();
            assertThat(files().of(ROOM, PageRequest.first()).items()).containsExactly(one);
        }

        @Test
        void what_is_removed_leaves_the_session_its_messages_and_its_past_but_no_other_session() {
            open(ROOM);
            open(OTHER);
            Attachment one = upload("one");
            Attachment two = upload("two");
            for (SessionId session : List.of(ROOM, OTHER)) {
                bring(session, one);
                bring(session, two);
            }
            Message here = sayWith(ROOM, one, two);
            Message there = sayWith(OTHER, one);
            append(ROOM, tick(), new Change.AttachmentRemoved(one.id(), BEN));
            reopen();
            assertThat(now(here.id()).attachments()).containsExactly(two);
            assertThat(now(there.id()).attachments()).containsExactly(one);
            assertThat(files().of(ROOM, PageRequest.first()).items()).containsExactly(two);
            assertThat(files().sessionsWith(one.id())).containsExactly(OTHER);
            assertThat(changes(ROOM)).extracting(Change::body)
                    .containsSubsequence(
                            new Change.AttachmentAdded(one.id(), Optional.empty(), ANA),
                            Change.AttachmentAdded.of(two, ANA),
                            new Change.AttachmentRemoved(one.id(), BEN));
            assertThat(changes(ROOM)).extracting(Change::position).containsExactly(1L, 2L, 3L, 4L, 5L);
        }

        @Test
        void a_purge_takes_the_files_out() {
            open(ROOM);
            open(OTHER);
            Attachment one = bring(ROOM, upload("one"));
            Attachment two = bring(OTHER, bring(ROOM, upload("two")));
            sayWith(ROOM, one, two);
            stores().sessions().purge(ROOM);
            reopen();
            assertThat(files().sessionsWith(one.id())).isEmpty();
            assertThat(files().sessionsWith(two.id())).containsExactly(OTHER);
            open(ROOM);
            assertThat(files().of(ROOM, PageRequest.first()).items()).isEmpty();
        }
    }

    @Nested
    class WithoutSessions {
        @Test
        void only_a_file_that_is_in_no_session_is_removed() {
            open(ROOM);
            Attachment one = bring(ROOM, upload("one"));
            assertThat(files().remove(one.id())).isFalse();
            append(ROOM, tick(), new Change.AttachmentRemoved(one.id(), ANA));
            assertThat(files().find(one.id())).contains(one);
            assertThat(files().remove(one.id())).isTrue();
            assertThat(files().remove(one.id())).isFalse();
            reopen();
            assertThat(files().find(one.id())).isEmpty();
            assertThat(files().bytesOf(ANA)).isZero();
        }

        @Test
        void those_that_belong_nowhere_are_found_by_their_age() {
            open(ROOM);
            Attachment lost = upload("one");
            bring(ROOM, upload("two"));
            Attachment left = bring(ROOM, upload("three"));
            append(ROOM, tick(), new Change.AttachmentRemoved(left.id(), ANA));
            Instant later = lost.addedAt().plusSeconds(1);
            assertThat(files().homeless(later, 10)).containsExactlyInAnyOrder(lost, left);
            assertThat(files().homeless(later, 1)).hasSize(1);
            assertThat(files().homeless(lost.addedAt(), 10)).isEmpty();
        }

        @Test
        void a_content_is_needed_as_long_as_one_file_has_it() {
            Sha256 hash = Sha256.of(new byte[] {1});
            for (String id : List.of("one", "two")) {
                Upload upload = upload(id, ANA, 1);
                files().begin(upload, PLENTY);
                files().finish(upload.finished(MimeType.UNKNOWN, 1, hash, START));
            }
            assertThat(files().uses(hash)).isTrue();
            files().remove(new AttachmentId("one"));
            assertThat(files().uses(hash)).isTrue();
            files().remove(new AttachmentId("two"));
            assertThat(files().uses(hash)).isFalse();
        }

        @Test
        void all_files_are_listed_in_the_order_of_their_ids() {
            open(ROOM);
            Attachment b = upload("b");
            Attachment upper = bring(ROOM, upload("B"));
            Attachment a = upload("a");
            assertThat(files().all(Optional.empty(), 10)).containsExactly(upper, a, b);
            assertThat(files().all(Optional.of(upper.id()), 1)).containsExactly(a);
            assertThat(files().all(Optional.of(b.id()), 1)).isEmpty();
        }
    }
}
