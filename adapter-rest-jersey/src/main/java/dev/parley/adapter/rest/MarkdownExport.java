package dev.parley.adapter.rest;

import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.message.Message;
import dev.parley.domain.session.Session;
import dev.parley.protocols.json.AttachmentJson;
import dev.parley.protocols.json.WireTime;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** To be read: contents as they were written, most of which is Markdown anyway, each as a quotation. */
final class MarkdownExport implements ExportFormat {

    @Override
    public String mediaType() {
        return "text/markdown;charset=utf-8";
    }

    @Override
    public String ending() {
        return "md";
    }

    @Override
    public void begin(OutputStream out) {}

    @Override
    public void session(Session session, OutputStream out) throws IOException {
        String title = session.title().isEmpty() ? session.id().value() : session.title();
        write(out, "# " + oneLine(title) + "\n\n" + WireTime.format(session.startedAt()) + "\n\n");
    }

    @Override
    public void message(Session session, Message message, OutputStream out) throws IOException {
        if (message.deleted()) {
            return;
        }
        write(out, "## " + oneLine(message.author().name()) + " · " + WireTime.format(message.createdAt()) + "\n\n");
        write(out, QuotedMarkdown.of(message.content()) + "\n");
        for (Attachment file : message.attachments()) {
            write(out, "- " + oneLine(file.name().value()) + " (" + oneLine(AttachmentJson.url(file)) + ")\n");
        }
        if (!message.attachments().isEmpty()) {
            write(out, "\n");
        }
    }

    @Override
    public void endOfSession(OutputStream out) throws IOException {
        write(out, "\n");
    }

    @Override
    public void end(OutputStream out) {}

    /** Names and titles are text, so nothing in them may act as markup. */
    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ").replaceAll("([\\\\`*_{}\\[\\]<>#|!&])", "\\\\$1");
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
