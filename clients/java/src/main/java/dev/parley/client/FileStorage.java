package dev.parley.client;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** A folder with a file per message; each is there whole or not at all. */
public final class FileStorage implements Storage {

    private final Path folder;

    public FileStorage(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
    }

    @Override
    public List<String> keys() throws IOException {
        List<String> keys = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".json")).toList()) {
                entry(file).flatMap(each -> each.text("key")).ifPresent(keys::add);
            }
        }
        return keys;
    }

    @Override
    public Optional<String> read(String key) {
        return entry(file(key)).flatMap(each -> each.text("value"));
    }

    @Override
    public void write(String key, String value) throws IOException {
        Path file = file(key);
        Path draft = file.resolveSibling(file.getFileName() + ".draft");
        Files.writeString(draft, Json.write(Map.of("key", key, "value", value)), StandardCharsets.UTF_8);
        try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void remove(String key) throws IOException {
        Files.deleteIfExists(file(key));
    }

    /** A name that every file system takes, the same for the same key. */
    private Path file(String key) {
        return folder.resolve(UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)) + ".json");
    }

    /** What cannot be read is as good as not there. */
    private static Optional<Frame> entry(Path file) {
        try {
            return Json.frame(Files.readString(file, StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }
}
