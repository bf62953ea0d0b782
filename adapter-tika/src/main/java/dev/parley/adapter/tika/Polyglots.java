package dev.parley.adapter.tika;

import dev.parley.domain.attachment.FileContent;
import dev.parley.domain.attachment.MimeType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Files that are two things at once, so that each reader finds its own. */
final class Polyglots {

    /** As far into a file as readers look for a beginning. */
    private static final int HEAD = 1024;

    private static final String PDF = "%pdf-";
    private static final List<String> MARKUP = List.of("<script", "<html", "<body", "<?php", "<!doctype html", "<iframe");

    private Polyglots() {}

    static void refuse(MimeType told, MimeType found, FileContent content) throws IOException, UnfitException {
        Optional<ZipEnd> archive = ZipEnd.of(content);
        if (!Archives.zipped(found) && archive.isPresent()) {
            throw new UnfitException("Expected " + told + " alone, found an archive behind it");
        }
        String head = new String(Reading.at(content, 0, HEAD), StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        if (found.value().equals("application/pdf") && !head.startsWith(PDF)) {
            throw new UnfitException("Expected " + told + " from the first byte on, found something before it");
        }
        if (media(found)) {
            refuse(told, head, PDF);
            for (String beginning : MARKUP) {
                refuse(told, head, beginning);
            }
        }
    }

    private static void refuse(MimeType told, String head, String beginning) throws UnfitException {
        if (head.contains(beginning)) {
            throw new UnfitException("Expected " + told + " alone, found " + beginning + " in it");
        }
    }

    private static boolean media(MimeType found) {
        String value = found.value();
        boolean markup = value.equals("image/svg+xml");
        return !markup && (value.startsWith("image/") || value.startsWith("audio/") || value.startsWith("video/"));
    }
}
