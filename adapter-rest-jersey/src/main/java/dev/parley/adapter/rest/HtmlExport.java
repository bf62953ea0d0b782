package dev.parley.adapter.rest;

import dev.parley.domain.message.Message;
import dev.parley.domain.session.Session;
import dev.parley.protocols.json.AttachmentJson;
import dev.parley.protocols.json.Texts;
import dev.parley.protocols.json.WireTime;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A page without scripts and styles; whatever people or models wrote stands in it as text. */
final class HtmlExport implements ExportFormat {

    private final Texts.Language language;

    HtmlExport(Texts.Language language) {
        this.language = language;
    }

    @Override
    public String mediaType() {
        return "text/html;charset=utf-8";
    }

    @Override
    public String ending() {
        return "html";
    }

    @Override
    public void begin(OutputStream out) throws IOException {
        write(
                out,
                "<!doctype html>\n<html lang=\"" + language.tag() + "\">\n<head>\n<meta charset=\"utf-8\">\n"
                        + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\">\n"
                        + "<title>Parley</title>\n</head>\n<body>\n");
    }

    @Override
    public void session(Session session, OutputStream out) throws IOException {
        String title = session.title().isEmpty() ? session.id().value() : session.title();
        write(out, "<section>\n<h1>" + escaped(title) + "</h1>\n");
    }

    @Override
    public void message(Session session, Message message, OutputStream out) throws IOException {
        if (message.deleted()) {
            return;
        }
        String role = message.role().name().toLowerCase(Locale.ROOT);
        String time = WireTime.format(message.createdAt());
        write(
                out,
                "<article class=\"" + role + "\">\n<h2>" + escaped(message.author().name()) + "</h2>\n<p><time datetime=\""
                        + time + "\">" + time + "</time></p>\n<pre>" + escaped(message.content())
                        + "</pre>\n" + files(message) + "</article>\n");
    }

    private static String files(Message message) {
        if (message.attachments().isEmpty()) {
            return "";
        }
        StringBuilder list = new StringBuilder("<ul>\n");
        message.attachments()
                .forEach(file -> list.append("<li>")
                        .append(escaped(file.name().value()))
                        .append(" (")
                        .append(escaped(AttachmentJson.url(file)))
                        .append(")</li>\n"));
        return list.append("</ul>\n").toString();
    }

    @Override
    public void endOfSession(OutputStream out) throws IOException {
        write(out, "</section>\n");
    }

    @Override
    public void end(OutputStream out) throws IOException {
        write(out, "</body>\n</html>\n");
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
