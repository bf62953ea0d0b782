package dev.parley.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/** A file as a form the server takes, with its checksum. */
record Form(String contentType, BodyPublisher... parts) {

    private static final int PIECE = 64 * 1024;

    /** It is read twice, and never as a whole. */
    static Form of(Path file, String name, String type, Optional<String> session) {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = digest();
            byte[] piece = new byte[PIECE];
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                digest.update(piece, 0, read);
            }
            return of(BodyPublishers.ofFile(file), digest, name, type, session);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static Form of(byte[] content, String name, String type, Optional<String> session) {
        MessageDigest digest = digest();
        digest.update(content);
        return of(BodyPublishers.ofByteArray(content), digest, name, type, session);
    }

    private static Form of(BodyPublisher content, MessageDigest digest, String name, String type, Optional<String> session) {
        String boundary = UUID.randomUUID().toString();
        StringBuilder head = new StringBuilder();
        field(head, boundary, "sha256", HexFormat.of().formatHex(digest.digest()));
        session.ifPresent(id -> field(head, boundary, "session_id", id));
        String quoted = name.replace("\r", "%0D").replace("\n", "%0A").replace("\"", "%22");
        head.append("--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\nContent-Type: %s\r\n\r\n"
                .formatted(boundary, quoted, type));
        return new Form(
                "multipart/form-data; boundary=" + boundary, text(head.toString()), content,
                text("\r\n--" + boundary + "--\r\n"));
    }

    private static void field(StringBuilder head, String boundary, String name, String value) {
        head.append("--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n".formatted(boundary, name, value));
    }

    private static BodyPublisher text(String text) {
        return BodyPublishers.ofString(text, StandardCharsets.UTF_8);
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
