package dev.parley.client;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Storages as they should not be. */
final class WorseStorage {

    private WorseStorage() {}

    /** Fails whatever is asked. */
    static final class Failing implements Storage {

        @Override
        public List<String> keys() throws IOException {
            throw new IOException("forbidden");
        }

        @Override
        public Optional<String> read(String key) {
            throw new SecurityException("forbidden");
        }

        @Override
        public void write(String key, String value) {
            throw new IllegalStateException("full");
        }

        @Override
        public void remove(String key) {
            throw new SecurityException("forbidden");
        }
    }

    /** Has what nobody can read, and what is another session's, beside what is put there. */
    static final class Torn implements Storage {

        private final Storage inner = new MemoryStorage();
        private final String refused;

        Torn(String prefix) {
            refused = prefix + 0;
            List<String> torn =
                    List.of("{\"frame\":", "null", "7", "{\"at\":1,\"n\":1}", "{\"at\":1,\"n\":1,\"frame\":{\"id\":4}}");
            try {
                for (int i = 0; i < torn.size(); i++) {
                    inner.write(prefix + i, torn.get(i));
                }
                inner.write(
                        prefix.substring(0, prefix.length() - 1) + ":b/1",
                        "{\"at\":1,\"n\":1,\"frame\":{\"type\":\"message\",\"id\":\"n\",\"content\":\"of another session\"}}");
            } catch (IOException impossible) {
                throw new IllegalStateException(impossible);
            }
        }

        @Override
        public List<String> keys() throws IOException {
            return inner.keys();
        }

        @Override
        public Optional<String> read(String key) throws IOException {
            if (key.equals(refused)) {
                throw new IllegalStateException("unreadable");
            }
            return inner.read(key);
        }

        @Override
        public void write(String key, String value) throws IOException {
            inner.write(key, value);
        }

        @Override
        public void remove(String key) throws IOException {
            inner.remove(key);
        }
    }
}
