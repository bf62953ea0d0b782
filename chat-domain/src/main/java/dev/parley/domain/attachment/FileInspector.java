package dev.parley.domain.attachment;

import dev.parley.domain.Port;

/**
 * Tells what a file is by looking into it, and whether it may come in. Safe for use by many threads; may block.
 *
 * <p>A file is fit when its name's ending is one of {@link FileKinds} and its content is what the ending says. Unfit is whatever
 * else: a program that calls itself a picture, a file that is two things at once, an archive that unpacks to much more than it
 * is. What cannot be decided is unfit. Never keeps more than a small part of the content in memory.
 */
@Port
public interface FileInspector {

    /**
     * Looks; does not trust {@code name} alone and does not look at what the sender says it is.
     *
     * @throws dev.parley.domain.error.UnavailableException when the content cannot be read
     */
    Inspection inspect(FileName name, FileContent content);

    /** What it found. */
    sealed interface Inspection {

        /** It may come in. */
        record Fit(MimeType mimeType) implements Inspection {}

        /**
         * It may not.
         *
         * @param reason for the sender: what was expected and what was found, never content
         */
        record Unfit(String reason) implements Inspection {}
    }
}
