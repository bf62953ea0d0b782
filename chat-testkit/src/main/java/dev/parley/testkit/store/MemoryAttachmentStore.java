package dev.parley.testkit.store;

import dev.parley.domain.Page;
import dev.parley.domain.PageRequest;
import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.Sha256;
import dev.parley.domain.attachment.Upload;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.AttachmentStore;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

final class MemoryAttachmentStore implements AttachmentStore {
    private final Memory memory;

    MemoryAttachmentStore(Memory memory) {
        this.memory = memory;
    }

    @Override
    public Begin begin(Upload upload, long quota) {
        return memory.locked(() -> {
            if (memory.uploads().containsKey(upload.id()) || memory.attachments().containsKey(upload.id())) {
                return Begin.TAKEN;
            }
            if (bytes(upload.owner()) + upload.size() > quota) {
                return Begin.OVER_QUOTA;
            }
            memory.uploads().put(upload.id(), upload);
            return Begin.BEGUN;
        });
    }

    @Override
    public Optional<Upload> upload(AttachmentId id) {
        return memory.locked(() -> Optional.ofNullable(memory.uploads().get(id)));
    }

    @Override
    public void touch(AttachmentId upload, Instant at) {
        memory.locked(() -> Optional.ofNullable(
                memory.uploads().computeIfPresent(upload, (id, before) -> before.touched(at))));
    }

    @Override
    public boolean finish(Attachment attachment) {
        return memory.locked(() -> {
            if (memory.uploads().remove(attachment.id()) == null) {
                return false;
            }
            memory.attachments().put(attachment.id(), attachment);
            return true;
        });
    }

    @Override
    public boolean abandon(AttachmentId upload) {
        return memory.locked(() -> memory.uploads().remove(upload) != null);
    }

    @Override
    public List<Upload> untouchedSince(Instant before, int limit) {
        return memory.locked(() -> memory.uploads()
                .values()
                .stream()
                .filter(upload -> upload.touchedAt().isBefore(before))
                .sorted(Comparator.comparing(Upload::touchedAt))
                .limit(limit)
                .toList());
    }

    @Override
    public Optional<Attachment> find(AttachmentId id) {
        return memory.locked(() -> Optional.ofNullable(memory.attachments().get(id)));
    }

    @Override
    public List<SessionId> sessionsWith(AttachmentId id) {
        return memory.locked(() -> memory.homes(id));
    }

    @Override
    public Page<Attachment> of(SessionId session, PageRequest request) {
        return memory.locked(() -> MemorySessionStore.part(
                memory.conversation(session).map(Conversation::attachments).orElse(List.of()), request));
    }

    @Override
    public long bytesOf(UserId owner) {
        return memory.locked(() -> bytes(owner));
    }

    private long bytes(UserId owner) {
        long uploading = memory.uploads()
                .values()
                .stream()
                .filter(upload -> upload.owner().equals(owner))
                .mapToLong(Upload::size)
                .sum();
        long kept = memory.attachments()
                .values()
                .stream()
                .filter(attachment -> attachment.owner().equals(owner)
                        && attachment.sha256().isPresent())
                .mapToLong(Attachment::size)
                .sum();
        return uploading + kept;
    }

    @Override
    public boolean remove(AttachmentId id) {
        return memory.locked(
                () -> memory.homes(id).isEmpty() && memory.attachments().remove(id) != null);
    }

    @Override
    public List<Attachment> homeless(Instant before, int limit) {
        return memory.locked(() -> memory.attachments()
                .values()
                .stream()
                .filter(attachment -> attachment.addedAt().isBefore(before)
                        && memory.homes(attachment.id()).isEmpty())
                .limit(limit)
                .toList());
    }

    @Override
    public boolean uses(Sha256 content) {
        return memory.locked(() -> memory.attachments()
                .values()
                .stream()
                .anyMatch(attachment -> attachment.sha256().filter(content::equals).isPresent()));
    }

    @Override
    public List<Attachment> all(Optional<AttachmentId> after, int limit) {
        return memory.locked(() -> memory.attachments()
                .values()
                .stream()
                .filter(attachment -> after.isEmpty() || attachment.id().compareTo(after.get()) > 0)
                .limit(limit)
                .toList());
    }
}
