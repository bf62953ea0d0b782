package dev.parley.application.reply;

import dev.parley.application.FilePorts;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.FileContent;
import dev.parley.domain.attachment.FileKinds;
import dev.parley.domain.error.ChatException;
import dev.parley.domain.llm.Prompt;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a model reads of the files that are in a conversation: pictures as they are if it can see, texts up to a bound, of all
 * others the name. The newest files come first to what there is room for. Used for one prompt, by one thread.
 */
final class PromptFiles {

    private static final System.Logger LOG = System.getLogger(PromptFiles.class.getName());

    static final int MOST_CHARACTERS = 20_000;
    static final int MOST_IMAGES = 4;
    static final long MOST_IMAGE_BYTES = 8L * 1024 * 1024;

    private static final Set<String> SEEN = Set.of("image/png", "image/jpeg", "image/webp");
    private static final String CUT = "\n[The rest of this file was left out.]";

    /** What goes into a turn beside what was said. */
    record Files(String text, List<Prompt.Image> images) {
        static final Files NONE = new Files("", List.of());
    }

    private final FilePorts ports;
    private final boolean sees;
    private int charactersLeft = MOST_CHARACTERS;
    private int imagesLeft = MOST_IMAGES;
    private long imageBytesLeft = MOST_IMAGE_BYTES;

    PromptFiles(FilePorts ports, boolean sees) {
        this.ports = ports;
        this.sees = sees;
    }

    /** The files of each message that has some. */
    Map<MessageId, Files> of(List<Message> oldestFirst) {
        Map<MessageId, Files> files = new HashMap<>();
        for (Message message : oldestFirst.reversed()) {
            if (!message.attachments().isEmpty()) {
                files.put(message.id(), of(message));
            }
        }
        return files;
    }

    private Files of(Message message) {
        List<String> texts = new ArrayList<>();
        List<Prompt.Image> images = new ArrayList<>();
        for (Attachment file : message.attachments()) {
            Optional<Prompt.Image> image = image(file);
            image.ifPresent(images::add);
            texts.add(image.isPresent() ? label("Image", file) : described(file));
        }
        return new Files(String.join("\n\n", texts), images);
    }

    private Optional<Prompt.Image> image(Attachment file) {
        boolean fits = sees && imagesLeft > 0 && file.size() <= imageBytesLeft
                && SEEN.contains(file.mimeType().value());
        Optional<FileContent> content = fits ? content(file) : Optional.empty();
        if (content.isPresent()) {
            imagesLeft--;
            imageBytesLeft -= file.size();
        }
        return content.map(found -> new Prompt.Image(file.mimeType(), found));
    }

    private String described(Attachment file) {
        if (!FileKinds.text(file.mimeType()) || charactersLeft == 0) {
            return label("File", file);
        }
        return content(file)
                .flatMap(this::read)
                .map(text -> label("File", file) + "\n" + text)
                .orElseGet(() -> label("File", file));
    }

    private static String label(String what, Attachment file) {
        return "[" + what + ": " + file.name().value() + "]";
    }

    private Optional<FileContent> content(Attachment file) {
        return file.sha256().flatMap(ports.bytes()::find);
    }

    /** A file that cannot be read is no reason not to answer. */
    private Optional<String> read(FileContent content) {
        try (InputStream in = content.open()) {
            // No character takes more than four bytes.
            byte[] bytes = in.readNBytes(4 * charactersLeft);
            String text = new String(bytes, charset(bytes)).strip();
            boolean cut = text.length() > charactersLeft || content.size() > bytes.length;
            String part = cut ? shortened(text) : text;
            charactersLeft -= part.length();
            return Optional.of(cut ? part + CUT : part);
        } catch (IOException | ChatException unreadable) {
            LOG.log(System.Logger.Level.WARNING, "A file could not be read for a prompt", unreadable);
            return Optional.empty();
        }
    }

    private String shortened(String text) {
        int end = Math.min(text.length(), charactersLeft);
        if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end);
    }

    private static Charset charset(byte[] bytes) {
        boolean marked = bytes.length >= 2
                && (bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF
                        || bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE);
        return marked ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
    }
}
