package dev.parley.bootstrap.settings;

/**
 * Something wrong with the settings.
 *
 * @param setting the setting's name, or the unknown name that was found
 * @param detail what was expected and what was found; a secret's value is never in it
 */
public record Fault(Source source, String setting, String detail) {

    @Override
    public String toString() {
        return setting + " (" + source + "): " + detail;
    }

    /** What a value says that cannot be read, as a detail begins. */
    static String lowered(IllegalArgumentException wrong) {
        String message = String.valueOf(wrong.getMessage());
        return message.isEmpty() ? message : Character.toLowerCase(message.charAt(0)) + message.substring(1);
    }
}
