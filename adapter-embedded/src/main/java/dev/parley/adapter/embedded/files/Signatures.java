package dev.parley.adapter.embedded.files;

import static java.util.Map.entry;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** The bytes that files of a kind begin with, in hexadecimal digits; behind {@code @} the place where they stand. */
final class Signatures {
    private static final String OLE = "d0cf11e0a1b11ae1";
    private static final String ZIP = "504b0304";
    private static final String FTYP = ascii("ftyp") + "@4";

    private static final Map<String, List<String>> TABLE = Map.ofEntries(
            entry("jpg", List.of("ffd8ff")),
            entry("jpeg", List.of("ffd8ff")),
            entry("png", List.of("89504e470d0a1a0a")),
            entry("gif", List.of(ascii("GIF87a"), ascii("GIF89a"))),
            entry("bmp", List.of(ascii("BM"))),
            entry("webp", List.of(ascii("WEBP") + "@8")),
            entry("pdf", List.of(ascii("%PDF-"))),
            entry("doc", List.of(OLE)),
            entry("xls", List.of(OLE)),
            entry("ppt", List.of(OLE)),
            entry("docx", List.of(ZIP)),
            entry("xlsx", List.of(ZIP)),
            entry("pptx", List.of(ZIP)),
            entry("odt", List.of(ZIP)),
            entry("ods", List.of(ZIP)),
            entry("odp", List.of(ZIP)),
            entry("rtf", List.of(ascii("{\\rtf"))),
            entry("zip", List.of(ZIP, "504b0506")),
            entry("rar", List.of("526172211a07")),
            entry("7z", List.of("377abcaf271c")),
            entry("tar", List.of(ascii("ustar") + "@257")),
            entry("gz", List.of("1f8b08")),
            entry("mp3", List.of(ascii("ID3"), "fffb", "fff3", "fff2", "fffa")),
            entry("wav", List.of(ascii("WAVE") + "@8")),
            entry("ogg", List.of(ascii("OggS"))),
            entry("m4a", List.of(FTYP)),
            entry("flac", List.of(ascii("fLaC"))),
            entry("mp4", List.of(FTYP)),
            entry("avi", List.of(ascii("AVI ") + "@8")),
            entry("mov", List.of(FTYP, ascii("moov") + "@4", ascii("mdat") + "@4")),
            entry("wmv", List.of("3026b2758e66cf11")),
            entry("webm", List.of("1a45dfa3")));

    private Signatures() {}

    /** Whether {@code head} begins as files with that ending do; never for an ending that is not known here. */
    static boolean fits(String ending, byte[] head) {
        return TABLE.getOrDefault(ending, List.of()).stream().anyMatch(signature -> {
            int place = signature.indexOf('@');
            String digits = place < 0 ? signature : signature.substring(0, place);
            int offset = place < 0 ? 0 : Integer.parseInt(signature.substring(place + 1));
            return at(head, offset, HexFormat.of().parseHex(digits));
        });
    }

    /** Whether {@code wanted} stands there. */
    static boolean at(byte[] bytes, int offset, byte[] wanted) {
        if (offset + wanted.length > bytes.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (bytes[offset + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    private static String ascii(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }
}
