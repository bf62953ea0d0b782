package dev.parley.adapter.tika;

import dev.parley.domain.attachment.FileContent;
import java.io.IOException;
import java.util.Optional;

/**
 * The end of a ZIP archive, by which readers find the rest (APPNOTE 4.3.16).
 *
 * @param at where it begins
 * @param entries how many files it says there are
 * @param directory where the list of files begins
 * @param directorySize how long the list is, in bytes
 */
record ZipEnd(long at, int entries, long directory, long directorySize) {

    private static final int LENGTH = 22;
    private static final int LONGEST_COMMENT = 0xFFFF;

    /** Says that the number stands elsewhere, in the larger form of the format. */
    private static final long ELSEWHERE = 0xFFFF_FFFFL;

    /** The end that a reader of {@code content} finds, if it is an archive to it. */
    static Optional<ZipEnd> of(FileContent content) throws IOException {
        long from = Math.max(0, content.size() - LENGTH - LONGEST_COMMENT);
        byte[] tail = Reading.at(content, from, LENGTH + LONGEST_COMMENT);
        for (int i = tail.length - LENGTH; i >= 0; i--) {
            if (tail[i] == 'P' && tail[i + 1] == 'K' && tail[i + 2] == 5 && tail[i + 3] == 6) {
                ZipEnd end = new ZipEnd(
                        from + i, Reading.two(tail, i + 10), Reading.four(tail, i + 16), Reading.four(tail, i + 12));
                boolean last = i + LENGTH + Reading.two(tail, i + 20) == tail.length;
                if (last && (end.elsewhere() || end.directorySize() <= end.at())) {
                    return Optional.of(end);
                }
            }
        }
        return Optional.empty();
    }

    boolean elsewhere() {
        return directory == ELSEWHERE || directorySize == ELSEWHERE;
    }

    /** Whether the list of files ends where this begins, with nothing put before the archive. */
    boolean whole() {
        return !elsewhere() && directory + directorySize == at;
    }
}
