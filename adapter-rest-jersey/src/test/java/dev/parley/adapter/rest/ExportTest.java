package dev.parley.adapter.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.adapter.rest.Server.Answer;
import dev.parley.application.Caller;
import dev.parley.application.EngineSettings;
import dev.parley.application.command.Command;
import dev.parley.application.command.SettingsPatch;
import dev.parley.domain.Page;
import dev.parley.domain.PageRequest;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.Message;
import dev.parley.domain.session.ClientInfo;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.Visibility;
import dev.parley.domain.store.Slice;
import dev.parley.protocols.admission.Authenticator;
import dev.parley.protocols.admission.OriginPolicy;
import dev.parley.protocols.connection.ConnectionSettings;
import dev.parley.protocols.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Exports of what others go on with, and of what others wrote on purpose. */
class ExportTest {

    private static final Caller ANA =
            new Caller(Principal.trusted(new UserId("ana")), ClientInfo.UNKNOWN, "rest");

    private final Server server = new Server(
            HostileRequestsTest.withQuotas(EngineSettings.DEFAULT, Optional.empty(), Optional.empty()),
            Authenticator.Mode.REQUIRED,
            new OriginPolicy(List.of()),
            ConnectionSettings.STANDARD);

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void every_session_is_written_once_although_their_order_changes_meanwhile() throws Exception {
        List<SessionId> ids = sessions(450);
        // Whoever was far behind comes to the front while the list is read, and again while it is written.
        List<String> written = exported(source -> source.onPage = page -> {
            server.store.sessions().touch(ids.get(page), Instant.now().plusSeconds(3600 + page));
            server.store.sessions().touch(ids.get(449 - page), Instant.now().plusSeconds(7200 + page));
        });
        assertThat(written).doesNotHaveDuplicates().hasSize(450);
    }

    @Test
    void what_is_gone_by_its_turn_is_passed_over_and_nothing_else_is_missed() throws Exception {
        List<SessionId> ids = sessions(450);
        List<String> written = exported(source -> source.onSession = id -> {
            if (id.equals(ids.get(449))) {
                for (int i = 0; i < 20; i++) {
                    server.store.sessions().purge(ids.get(i));
                }
            }
        });
        assertThat(written).doesNotHaveDuplicates().hasSize(430);
    }

    @Test
    void sessions_that_vanish_while_they_are_listed_hide_no_others() throws Exception {
        List<SessionId> ids = sessions(450);
        List<String> written = exported(source -> source.onPage = page -> {
            if (page == 0) {
                for (int i = 0; i < 20; i++) {
                    server.store.sessions().purge(ids.get(449 - i));
                }
            }
        });
        assertThat(written).doesNotHaveDuplicates()
                .hasSize(430)
                .containsAll(ids.subList(0, 430).stream().map(SessionId::value).toList());
    }

    @Test
    void long_sessions_are_written_whole() {
        SessionId talk = session("s");
        for (int i = 0; i < 430; i++) {
            server.engine.handle(ANA, new Command.SendMessage(
                    talk, "message " + i, Optional.empty(), Optional.empty(), ClientMetadata.NONE, Optional.empty()));
        }
        JsonObject session = (JsonObject) server.send("ana", "POST", "/api/chat/export", "{}")
                .json()
                .items("sessions")
                .orElseThrow()
                .getFirst();
        assertThat(session.items("messages")
                .orElseThrow()
                .stream()
                .map(message -> ((JsonObject) message).requiredText("content"))
                .toList())
                .isEqualTo(IntStream.range(0, 430).mapToObj(i -> "message " + i).toList());
    }

    @Test
    void nobody_speaks_for_somebody_else_in_markdown() {
        server.send("ana", "POST", "/api/chat/sessions", "{\"session_id\":\"s\"}");
        server.send("ana", "POST", "/api/chat/messages",
                "{\"session_id\":\"s\",\"content\":\"Hello\\n\\n## bruno · 2026\\n\\nI agree.\\n</blockquote>\"}");
        Answer markdown = server.send("ana", "POST", "/api/chat/export", "{\"format\":\"markdown\"}");
        assertThat(markdown.body().lines().filter(line -> line.startsWith("## "))).hasSize(1);
        assertThat(markdown.body()).contains("> ## bruno · 2026\n").contains("> &lt;/blockquote>\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "one§two | > one§> two§",
        "§ | >§>§",
        "a < b, 1<2 | > a < b, 1<2§",
        "<b>x</b> | > &lt;b>x&lt;/b>§",
        "<!-- | > &lt;!--§",
        "\\<b> | > \\<b>§",
        "\\\\<b> | > \\\\&lt;b>§",
        "```java§List<String> x;§```§<b> | > ```java§> List<String> x;§> ```§> &lt;b>§",
        "~~~§<b>§```§</b>§~~~~§<i> | > ~~~§> <b>§> ```§> </b>§> ~~~~§> &lt;i>§",
        "````§```§<b>§````§<i> | > ````§> ```§> <b>§> ````§> &lt;i>§",
        "```§    ```§<b>§   ```  §<i> | > ```§>     ```§> <b>§>    ```  §> &lt;i>§",
        "```§\t```§<b> | > ```§>     ```§> <b>§",
        "- x§  ```§<b> | > - x§>   ```§> &lt;b>§",
        "``` `§<b> | > ``` `§> &lt;b>§",
    })
    void quotations_keep_their_code_and_lose_their_markup(String text, String quoted) {
        assertThat(QuotedMarkdown.of(text.replace('§', '\n').replace("\\t", "\t"))).isEqualTo(quoted.replace('§', '\n'));
    }

    @Test
    void every_kind_of_line_end_ends_a_line_of_the_quotation() {
        assertThat(QuotedMarkdown.of("a\r\nb\rc\u2028d\u2029e\u0085f")).isEqualTo("> a\n> b\n> c\n> d\n> e\n> f\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u2003=1", "\uff1d1", "\uff201"})
    void nothing_in_a_table_is_a_formula(String text) {
        assertThat(CsvExport.field(text)).startsWith("\"'");
    }

    @Test
    void everything_else_in_a_table_is_as_it_was() {
        assertThat(CsvExport.field("1=1")).isEqualTo("\"1=1\"");
        assertThat(CsvExport.field(" a \"b\"")).isEqualTo("\" a \"\"b\"\"\"");
        assertThat(CsvExport.field("")).isEqualTo("\"\"");
    }

    private List<SessionId> sessions(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> session("session-" + i))
                .toList();
    }

    private SessionId session(String id) {
        server.engine.handle(ANA, new Command.CreateSession(
                Optional.of(new SessionId(id)),
                Optional.empty(),
                Visibility.PRIVATE,
                List.of(),
                Optional.empty(),
                SettingsPatch.NONE));
        return new SessionId(id);
    }

    private List<String> exported(Consumer<Moving> how) throws IOException {
        Moving source = new Moving();
        how.accept(source);
        Ids format = new Ids();
        new Exporting(source, format, new ByteArrayOutputStream()).write(Optional.empty());
        return format.written;
    }

    /** A store in which something happens whenever it is asked. */
    private final class Moving implements Exporting.Source {
        private Consumer<Integer> onPage = page -> {};
        private Consumer<SessionId> onSession = id -> {};
        private int pages;

        @Override
        public Page<Session> sessions(PageRequest page) {
            Page<Session> answer = server.store.sessions().all(page);
            onPage.accept(pages++);
            return answer;
        }

        @Override
        public Optional<Session> session(SessionId id) {
            onSession.accept(id);
            return server.store.sessions().find(id);
        }

        @Override
        public Optional<Page<Message>> messages(SessionId session, Slice slice) {
            return Optional.of(server.store.messages().page(session, slice));
        }
    }

    /** Remembers which sessions were written. */
    private static final class Ids implements ExportFormat {
        private final List<String> written = new ArrayList<>();

        @Override
        public String mediaType() {
            return "text/plain;charset=" + StandardCharsets.UTF_8;
        }

        @Override
        public String ending() {
            return "txt";
        }

        @Override
        public void begin(java.io.OutputStream out) {}

        @Override
        public void session(Session session, java.io.OutputStream out) {
            written.add(session.id().value());
        }

        @Override
        public void message(Session session, Message message, java.io.OutputStream out) {}

        @Override
        public void endOfSession(java.io.OutputStream out) {}

        @Override
        public void end(java.io.OutputStream out) {}
    }
}
