package dev.parley.client;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Where unsent messages survive their writer, each under a key of its own. One that fails costs the survival, not the message. */
public interface Storage {

    List<String> keys() throws IOException;

    Optional<String> read(String key) throws IOException;

    void write(String key, String value) throws IOException;

    void remove(String key) throws IOException;
}
