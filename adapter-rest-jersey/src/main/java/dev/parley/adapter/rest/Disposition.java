package dev.parley.adapter.rest;

import dev.parley.domain.attachment.FileName;
import java.nio.charset.StandardCharsets;

/** How a file is to be saved (RFC 6266): under its name as it is, and under one in ASCII for old clients. */
final class Disposition {

    private static final String PLAIN = "!#$&+-.^_`|~";

    private Disposition() {}

    static String attachment(FileName name) {
        StringBuilder ascii = new StringBuilder();
        name.value()
                .codePoints()
                .forEach(c -> ascii.append(c >= 0x20 && c < 0x7F && c != '"' && c != '\\' && c != '%' ? (char) c : '_'));
        StringBuilder encoded = new StringBuilder();
        for (byte b : name.value().getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            boolean plain = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || PLAIN.indexOf(c) >= 0;
            encoded.append(plain ? String.valueOf(c) : String.format("%%%02X", b & 0xFF));
        }
        return "attachment; filename=\"" + ascii + "\"; filename*=UTF-8''" + encoded;
    }
}
