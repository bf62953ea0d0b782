package dev.parley.protocols.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.session.SessionSettings;
import dev.parley.protocols.Handshake;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SpeechTest {

    private static final Texts.Language ENGLISH = Texts.Language.ENGLISH;
    private static final Texts.Language PORTUGUESE = Texts.Language.PORTUGUESE;

    @Test
    void who_says_nothing_is_spoken_to_in_the_document_s_language() {
        assertThat(speech(Map.of(), PORTUGUESE).usual()).isEqualTo(PORTUGUESE);
        assertThat(speech(Map.of(), ENGLISH).usual()).isEqualTo(ENGLISH);
        assertThat(speech(Map.of(), PORTUGUESE, "de", "ja").usual()).isEqualTo(PORTUGUESE);
    }

    @Test
    void a_browser_s_language_changes_what_the_document_does_not_print() {
        Speech speech = speech(Map.of(), PORTUGUESE, "en-GB");
        assertThat(speech.usual()).isEqualTo(ENGLISH);
        assertThat(speech.printed()).isEqualTo(PORTUGUESE);
    }

    @Test
    void the_session_s_language_goes_before_the_browser_s_and_the_address_before_both() {
        Speech speech = speech(Map.of(), PORTUGUESE, "pt");
        speech.adopt(set("en"));
        assertThat(speech.usual()).isEqualTo(ENGLISH);
        assertThat(speech.printed()).isEqualTo(ENGLISH);
        speech.adopt(SessionSettings.DEFAULT);
        assertThat(speech.usual()).isEqualTo(PORTUGUESE);

        Speech asked = speech(Map.of("language", "pt-BR"), ENGLISH, "en");
        asked.adopt(set("en"));
        assertThat(asked.usual()).isEqualTo(PORTUGUESE);
        assertThat(asked.printed()).isEqualTo(PORTUGUESE);
    }

    private static SessionSettings set(String language) {
        SessionSettings settings = SessionSettings.DEFAULT;
        return new SessionSettings(settings.model(), Optional.of(language), settings.streamResponses());
    }

    private static Speech speech(Map<String, String> query, Texts.Language own, String... preferred) {
        return new Speech(
                new Handshake(
                        new ConnectionId("c1"),
                        Principal.trusted(new UserId("ana")),
                        Map.of(),
                        query,
                        List.of(preferred)),
                own);
    }
}
