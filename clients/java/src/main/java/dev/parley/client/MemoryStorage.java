package dev.parley.client;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Survives the client, not the program. */
public final class MemoryStorage implements Storage {

    private final Map<String, String> items = new ConcurrentHashMap<>();

    @Override
    public List<String> keys() {
        return List.copyOf(items.keySet());
    }

    @Override
    public Optional<String> read(String key) {
        return Optional.ofNullable(items.get(key));
    }

    @Override
    public void write(String key, String value) {
        items.put(key, value);
    }

    @Override
    public void remove(String key) {
        items.remove(key);
    }
}
