package dev.parley.adapter.rest;

import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.Session;
import dev.parley.protocols.json.MessageJson;
import dev.parley.protocols.json.WireTime;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** One line for each message, every field in quotes (RFC 4180). */
final class CsvExport implements ExportFormat {

    /** A spreadsheet takes what begins so for a formula and runs it. */
    private static final String FORMULA_STARTS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20";

    @Override
    public String mediaType() {
        return "text/csv;charset=utf-8";
    }

    @Override
    public String ending() {
        return "csv";
    }

    @Override
    public void begin(OutputStream out) throws IOException {
        line(
                out,
                List.of("session_id", "message_id", "parent_id", "timestamp", "role", "user_id", "name", "status", "content",
                        "attachments"));
    }

    @Override
    public void session(Session session, OutputStream out) {}

    @Override
    public void message(Session session, Message message, OutputStream out) throws IOException {
        line(
                out,
                List.of(
                        session.id().value(),
                        message.id().value(),
                        message.parent().map(MessageId::value).orElse(""),
                        WireTime.format(message.createdAt()),
                        message.role().name().toLowerCase(Locale.ROOT),
                        MessageJson.authorId(message),
                        message.author().name(),
                        message.deleted()
                                ? "deleted"
                                : message.reply()
                                        .map(reply -> MessageJson.word(reply.status()))
                                        .orElse(""),
                        message.content(),
                        message.attachments().stream().map(file -> file.name().value()).collect(Collectors.joining("; "))));
    }

    @Override
    public void endOfSession(OutputStream out) {}

    @Override
    public void end(OutputStream out) {}

    static String field(String text) {
        // Some programs look past the blanks before it.
        String begin = text.isEmpty() || FORMULA_STARTS.indexOf(text.charAt(0)) >= 0 ? text : text.stripLeading();
        boolean dangerous = !begin.isEmpty() && FORMULA_STARTS.indexOf(begin.charAt(0)) >= 0;
        return '"' + (dangerous ? "'" : "") + text.replace("\"", "\"\"") + '"';
    }

    private static void line(OutputStream out, List<String> fields) throws IOException {
        String line = fields.stream().map(CsvExport::field).collect(Collectors.joining(",")) + "\r\n";
        out.write(line.getBytes(StandardCharsets.UTF_8));
    }
}
