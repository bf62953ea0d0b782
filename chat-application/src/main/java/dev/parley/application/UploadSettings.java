package dev.parley.application;

import dev.parley.domain.limit.Quota;
import java.time.Duration;
import java.util.Optional;

/**
 * What may be uploaded. Immutable.
 *
 * @param maxFile how many bytes a file may have
 * @param maxChunk how many bytes a piece of one may have
 * @param quota how many bytes one user may keep
 * @param rate how many KiB a user may upload
 * @param unfinishedLife after how long without a piece an upload is dropped
 * @param homelessLife after how long a file is dropped that no session has
 */
public record UploadSettings(
        long maxFile,
        int maxChunk,
        long quota,
        Optional<Quota> rate,
        Duration unfinishedLife,
        Duration homelessLife) {

    /** What a permit of {@link #rate} stands for, in bytes. */
    public static final int RATE_UNIT = 1024;

    /** What a piece counts as at least, in bytes, so that very many very small ones are not free. */
    public static final int LEAST_CHARGE = 64 * 1024;

    public static final UploadSettings STANDARD = new UploadSettings(
            50L * 1024 * 1024,
            1024 * 1024,
            1024L * 1024 * 1024,
            Optional.of(new Quota(200 * 1024, Duration.ofMinutes(1))),
            Duration.ofHours(24),
            Duration.ofHours(24));

    public UploadSettings {
        if (maxFile < 1 || maxChunk < 1 || quota < 1) {
            throw new IllegalArgumentException("Expected files, pieces and a quota of at least 1 byte");
        }
    }
}
