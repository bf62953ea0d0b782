package dev.parley.testkit.llm;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Locale;
import java.util.Optional;

/** As much of HTTP/1.1 as a scripted server needs. Used by one thread. */
final class HttpExchangeLines {

    record Request(String method, String path, String body) {}

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final int pieceBytes;
    private boolean headSent;

    HttpExchangeLines(Socket socket, int pieceBytes) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
        this.pieceBytes = pieceBytes;
    }

    /** The next request on the connection, or nothing when there is none. */
    Optional<Request> request() throws IOException {
        headSent = false;
        String first = headerLine();
        if (first.isEmpty()) {
            return Optional.empty();
        }
        int length = 0;
        for (String header = headerLine(); !header.isEmpty(); header = headerLine()) {
            if (header.toLowerCase(Locale.ROOT).startsWith("upgrade:")) {
                throw new IOException("Expected no attempt at an upgrade");
            }
            if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(header.substring(header.indexOf(':') + 1).strip());
            }
        }
        String body = new String(in.readNBytes(length), UTF_8);
        String[] parts = first.split(" ", -1);
        return Optional.of(new Request(parts[0], parts[1], body));
    }

    private String headerLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            line.write(next);
        }
        return line.toString(ISO_8859_1).strip();
    }

    void answer(int status, String text) throws IOException {
        byte[] body = text.getBytes(UTF_8);
        write("HTTP/1.1 " + status + " Scripted\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: "
                + body.length + "\r\n\r\n");
        out.write(body);
        out.flush();
    }

    void stream(String text) throws IOException {
        sendHead();
        byte[] bytes = text.getBytes(UTF_8);
        for (int at = 0; at < bytes.length; at += Math.min(pieceBytes, bytes.length - at)) {
            int length = Math.min(pieceBytes, bytes.length - at);
            write(Integer.toHexString(length) + "\r\n");
            out.write(bytes, at, length);
            write("\r\n");
            out.flush();
        }
    }

    void endOfBody() throws IOException {
        sendHead();
        write("0\r\n\r\n");
        out.flush();
    }

    void hangUp(boolean reset) throws IOException {
        if (reset) {
            socket.setSoLinger(true, 0);
        }
        socket.close();
    }

    /** Waits until the client closes its side. */
    void awaitDeparture() throws IOException {
        while (in.read() >= 0) {
            // What else it may send is of no interest.
        }
        throw new IOException("The client is gone");
    }

    private void sendHead() throws IOException {
        if (!headSent) {
            write("HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n");
            headSent = true;
        }
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(ISO_8859_1));
    }
}
