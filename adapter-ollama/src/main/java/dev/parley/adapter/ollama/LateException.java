package dev.parley.adapter.ollama;

/** What was waited for did not come in time. */
final class LateException extends Exception {

    private static final long serialVersionUID = 1L;

    LateException() {
        super("Expected something in time, found none", null, false, false);
    }
}
