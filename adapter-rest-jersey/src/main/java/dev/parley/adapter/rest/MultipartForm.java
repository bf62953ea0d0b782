package dev.parley.adapter.rest;

import dev.parley.domain.error.ErrorCode;
import dev.parley.protocols.json.FieldException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.fileupload.FileUploadBase;
import org.apache.commons.fileupload.MultipartStream;
import org.apache.commons.fileupload.ParameterParser;

/** A form of several parts, read as it comes, in its order. Used by one thread. */
final class MultipartForm {

    private static final int BUFFER = 64 * 1024;
    private static final int MOST_HEADERS = 4096;
    private static final int MOST_PARTS = 20;
    private static final int MOST_TEXT = 1024;

    private final MultipartStream stream;
    private int parts;
    private boolean begun;

    private MultipartForm(MultipartStream stream) {
        this.stream = stream;
    }

    static MultipartForm of(String contentType, InputStream body) {
        String boundary = Objects.requireNonNullElse(parameters(contentType).get("boundary"), "");
        if (boundary.isEmpty() || boundary.length() > 200) {
            throw new FieldException("Expected a form with a boundary");
        }
        MultipartStream stream =
                new MultipartStream(body, boundary.getBytes(StandardCharsets.ISO_8859_1), BUFFER, null);
        stream.setHeaderEncoding(StandardCharsets.UTF_8.name());
        stream.setPartHeaderSizeMax(MOST_HEADERS);
        return new MultipartForm(stream);
    }

    private static Map<String, String> parameters(String header) {
        ParameterParser parser = new ParameterParser();
        parser.setLowerCaseNames(true);
        return parser.parse(header, new char[] {';'});
    }

    /** The next part; the one before must have been read. */
    Optional<Part> next() {
        return broken(() -> {
            boolean more = begun ? stream.readBoundary() : stream.skipPreamble();
            begun = true;
            if (!more) {
                return Optional.empty();
            }
            if (++parts > MOST_PARTS) {
                throw new FieldException("Expected at most " + MOST_PARTS + " parts");
            }
            return Optional.of(part(stream.readHeaders()));
        });
    }

    private Part part(String headers) {
        String disposition = "";
        String type = "";
        for (String line : headers.split("\r\n")) {
            int colon = line.indexOf(':');
            String name = colon < 0 ? "" : line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
            if (name.equals("content-disposition")) {
                disposition = line.substring(colon + 1).strip();
            } else if (name.equals("content-type")) {
                type = line.substring(colon + 1).strip();
            }
        }
        Map<String, String> said = parameters(disposition);
        return new Part(
                Objects.requireNonNullElse(said.get("name"), ""), Optional.ofNullable(said.get("filename")), type);
    }

    /** One part of the form; its body comes once. */
    final class Part {
        private final String name;
        private final Optional<String> fileName;
        private final String contentType;

        Part(String name, Optional<String> fileName, String contentType) {
            this.name = name;
            this.fileName = fileName;
            this.contentType = contentType;
        }

        String name() {
            return name;
        }

        Optional<String> fileName() {
            return fileName;
        }

        /** As its sender says; may be empty. */
        String contentType() {
            return contentType;
        }

        void body(OutputStream to) {
            // What it returns says nothing of bodies above 2 GB.
            broken(() -> stream.readBodyData(to));
        }

        String text() {
            ByteArrayOutputStream text = new ByteArrayOutputStream() {
                @Override
                public synchronized void write(byte[] bytes, int offset, int length) {
                    if (size() + length > MOST_TEXT) {
                        throw new FieldException("Expected fields of at most " + MOST_TEXT + " bytes beside the file");
                    }
                    super.write(bytes, offset, length);
                }
            };
            body(text);
            return text.toString(StandardCharsets.UTF_8);
        }
    }

    @FunctionalInterface
    private interface Reading<T> {
        T read() throws IOException;
    }

    private static <T> T broken(Reading<T> reading) {
        try {
            return reading.read();
        } catch (FileUploadBase.FileUploadIOException | MultipartStream.MalformedStreamException malformed) {
            throw new Refused(ErrorCode.BAD_REQUEST, "Expected a whole form of type multipart/form-data");
        } catch (IOException gone) {
            throw new Refused(ErrorCode.BAD_REQUEST, "Expected a body that is whole");
        }
    }
}
