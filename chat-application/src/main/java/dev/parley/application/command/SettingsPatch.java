package dev.parley.application.command;

import dev.parley.domain.session.SessionSettings;
import java.util.Optional;

/** Which of a session's settings are to change; what is empty stays as it is, an empty text takes the setting away. */
public record SettingsPatch(Optional<String> model, Optional<String> language, Optional<Boolean> streamResponses) {

    public static final SettingsPatch NONE =
            new SettingsPatch(Optional.empty(), Optional.empty(), Optional.empty());

    public SessionSettings applied(SessionSettings before) {
        return new SessionSettings(
                patched(model, before.model()),
                patched(language, before.language()),
                streamResponses.orElse(before.streamResponses()));
    }

    private static Optional<String> patched(Optional<String> wanted, Optional<String> before) {
        return wanted.isPresent() ? wanted.filter(text -> !text.isBlank()) : before;
    }
}
