package dev.parley.domain.attachment;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which kinds of files are let in: endings, and the types of content that go with each. */
public final class FileKinds {

    private static final String OFFICE = "application/vnd.openxmlformats-officedocument.";
    private static final String OPEN = "application/vnd.oasis.opendocument.";
    private static final String OLE = "application/x-tika-msoffice";
    private static final String OOXML = "application/x-tika-ooxml";

    /** For each ending the type that is told, then others by which the same content goes. */
    private static final Map<String, String> TABLE = Map.ofEntries(
            // Images
            Map.entry("jpg", "image/jpeg"),
            Map.entry("jpeg", "image/jpeg"),
            Map.entry("png", "image/png"),
            Map.entry("gif", "image/gif"),
            Map.entry("bmp", "image/bmp image/x-ms-bmp"),
            Map.entry("webp", "image/webp"),
            Map.entry("svg", "image/svg+xml application/xml text/xml"),
            // Documents
            Map.entry("pdf", "application/pdf"),
            Map.entry("doc", "application/msword " + OLE),
            Map.entry("docx", OFFICE + "wordprocessingml.document " + OOXML),
            Map.entry("txt", "text/plain"),
            Map.entry("rtf", "application/rtf text/rtf"),
            Map.entry("odt", OPEN + "text"),
            // Spreadsheets
            Map.entry("xls", "application/vnd.ms-excel " + OLE),
            Map.entry("xlsx", OFFICE + "spreadsheetml.sheet " + OOXML),
            Map.entry("csv", "text/csv text/plain"),
            Map.entry("ods", OPEN + "spreadsheet"),
            // Presentations
            Map.entry("ppt", "application/vnd.ms-powerpoint " + OLE),
            Map.entry("pptx", OFFICE + "presentationml.presentation " + OOXML),
            Map.entry("odp", OPEN + "presentation"),
            // Archives
            Map.entry("zip", "application/zip"),
            Map.entry("rar", "application/vnd.rar application/x-rar-compressed"),
            Map.entry("7z", "application/x-7z-compressed"),
            Map.entry("tar", "application/x-tar application/x-gtar"),
            Map.entry("gz", "application/gzip"),
            // Code
            Map.entry("py", "text/x-python text/plain"),
            Map.entry("js", "text/javascript application/javascript text/plain"),
            Map.entry("html", "text/html application/xhtml+xml text/plain"),
            Map.entry("css", "text/css text/plain"),
            Map.entry("json", "application/json text/plain"),
            Map.entry("xml", "application/xml text/xml text/plain"),
            Map.entry("md", "text/markdown text/x-web-markdown text/plain"),
            // Audio
            Map.entry("mp3", "audio/mpeg"),
            Map.entry("wav", "audio/wav audio/vnd.wave audio/x-wav"),
            Map.entry("ogg", "audio/ogg audio/vorbis audio/opus application/ogg"),
            Map.entry("m4a", "audio/mp4 audio/x-m4a video/mp4 application/mp4"),
            Map.entry("flac", "audio/flac audio/x-flac"),
            // Video
            Map.entry("mp4", "video/mp4 application/mp4 video/quicktime video/x-m4v"),
            Map.entry("avi", "video/x-msvideo video/avi"),
            Map.entry("mov", "video/quicktime video/mp4 application/mp4"),
            Map.entry("wmv", "video/x-ms-wmv video/x-ms-asf"),
            Map.entry("webm", "video/webm video/x-matroska application/x-matroska"));

    private static final Map<String, Kind> KINDS = kinds();

    private FileKinds() {}

    /**
     * A kind of file.
     *
     * @param told the type that clients are told
     * @param contents the types of content that it may have, {@code told} among them
     */
    public record Kind(MimeType told, Set<MimeType> contents) {
        public Kind {
            contents = Set.copyOf(contents);
        }
    }

    /** The kind that {@code name}'s ending stands for; empty for one that is not let in. */
    public static Optional<Kind> of(FileName name) {
        return Optional.ofNullable(KINDS.get(name.extension()));
    }

    /** The endings that are let in, in lower case. */
    public static Set<String> endings() {
        return KINDS.keySet();
    }

    /** Whether people and models can read it as text. */
    public static boolean text(MimeType type) {
        return type.value().startsWith("text/")
                || Set.of("application/json", "application/xml", "application/javascript", "image/svg+xml")
                        .contains(type.value());
    }

    private static Map<String, Kind> kinds() {
        Map<String, Kind> kinds = new HashMap<>();
        TABLE.forEach((ending, types) -> {
            String[] names = types.toLowerCase(Locale.ROOT).split(" ");
            Set<MimeType> contents = new HashSet<>();
            for (String name : names) {
                contents.add(new MimeType(name));
            }
            kinds.put(ending, new Kind(new MimeType(names[0]), contents));
        });
        return Map.copyOf(kinds);
    }
}
