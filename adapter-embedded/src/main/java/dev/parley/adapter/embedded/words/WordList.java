package dev.parley.adapter.embedded.words;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The lists that come with Parley: short, of words that offend nearly always. */
public enum WordList {
    EN("en.txt"),
    PT("pt.txt");

    private final String resource;

    WordList(String resource) {
        this.resource = resource;
    }

    /** Its entries, as {@link WordFilter#of} takes them. */
    public List<String> entries() {
        try (InputStream in = WordList.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("Expected " + resource + " beside the classes, found none");
            }
            List<String> entries = new ArrayList<>();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
                String entry = line.replaceFirst("#.*", "").strip();
                if (!entry.isEmpty()) {
                    entries.add(entry);
                }
            }
            return List.copyOf(entries);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
