package dev.parley.adapter.embedded.files;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Whether bytes are text. */
final class TextCheck {
    private TextCheck() {}

    /** UTF-8, UTF-16 with its mark, or an old one-byte encoding without controls; {@code more} when the text goes on. */
    static boolean readable(byte[] head, boolean more) {
        if (marked(head)) {
            return decodes(head, head[0] == (byte) 0xFE ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE, more);
        }
        return plain(head) && (decodes(head, StandardCharsets.UTF_8, more) || mostlyLetters(head));
    }

    /** Whether a text with that ending begins as it must, where it must. */
    static boolean fits(String ending, byte[] head) {
        if (!ending.equals("svg")) {
            return true;
        }
        String begin = new String(head, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        return begin.contains("<svg");
    }

    private static boolean marked(byte[] head) {
        return head.length >= 2
                && (head[0] == (byte) 0xFE && head[1] == (byte) 0xFF || head[0] == (byte) 0xFF && head[1] == (byte) 0xFE);
    }

    private static boolean plain(byte[] head) {
        for (byte b : head) {
            boolean control = b >= 0 && b < 32 && b != '\n' && b != '\r' && b != '\t' && b != '\f' && b != 27;
            if (control || b == 127) {
                return false;
            }
        }
        return true;
    }

    private static boolean decodes(byte[] head, Charset charset, boolean more) {
        CharsetDecoder decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CoderResult result = decoder.decode(ByteBuffer.wrap(head), CharBuffer.allocate(head.length + 1), !more);
        return result.isUnderflow();
    }

    /** Old encodings have few bytes beyond ASCII; noise has half of them there. */
    private static boolean mostlyLetters(byte[] head) {
        int beyond = 0;
        for (byte b : head) {
            beyond += b < 0 ? 1 : 0;
        }
        return beyond * 4 < head.length;
    }
}
