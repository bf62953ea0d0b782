package dev.parley.application.reply;

import dev.parley.application.Ports;
import dev.parley.application.ledger.Ledger;
import dev.parley.domain.access.UserId;
import dev.parley.domain.change.Change;
import dev.parley.domain.content.ContentFilter;
import dev.parley.domain.error.ChatException;
import dev.parley.domain.llm.Fragment;
import dev.parley.domain.llm.ModelOptions;
import dev.parley.domain.llm.Prompt;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.message.Role;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Asks a model what a session should be called, once its first reply is stored; the first words named it until then. Beside the
 * replies and never in their way: a few at a time, and whatever goes wrong leaves the first words.
 *
 * <p>What somebody named themselves is theirs.
 */
final class Naming implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Naming.class.getName());

    private static final int AT_ONCE = 2;
    private static final int READ = 20;
    private static final int EXCERPT = 1000;
    private static final ModelOptions BRIEFLY =
            new ModelOptions(Optional.of(0.0), Optional.of(100), Optional.empty(), Map.of());
    private static final String TASK =
            "Give the conversation a title of at most six words, in its own language. Answer with the title and nothing else.";

    private final Ports ports;
    private final Ledger ledger;
    private final ContentFilter filter;
    private final Semaphore free = new Semaphore(AT_ONCE);
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** @param filter of what models write */
    Naming(Ports ports, Ledger ledger, ContentFilter filter) {
        this.ports = ports;
        this.ledger = ledger;
        this.filter = filter;
    }

    /** A reply by {@code model} that {@code asker} wanted is stored in {@code session}. */
    void answered(SessionId session, String model, UserId asker) {
        Thread thread = Thread.ofVirtual().name("title-" + session).unstarted(() -> run(session, model, asker));
        threads.add(thread);
        thread.start();
        if (closed) {
            thread.interrupt();
        }
    }

    /** What is being asked is broken off. */
    @Override
    public void close() {
        closed = true;
        threads.forEach(Thread::interrupt);
    }

    private void run(SessionId session, String model, UserId asker) {
        try {
            free.acquire();
            try {
                name(session, model, asker);
            } finally {
                free.release();
            }
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        } catch (ChatException failed) {
            LOG.log(System.Logger.Level.WARNING, "session=" + session + " keeps its first words for a title", failed);
        } catch (RuntimeException broken) {
            LOG.log(System.Logger.Level.ERROR, "session=" + session + " cannot be named", broken);
        } finally {
            threads.remove(Thread.currentThread());
        }
    }

    private void name(SessionId id, String model, UserId asker) throws InterruptedException {
        Optional<Session> session = ports.sessions().find(id);
        if (session.isEmpty()) {
            return;
        }
        List<Message> said = ports.messages().context(id, session.get().position(), READ);
        String before = session.get().title();
        if (!firstAnswer(said) || !before.equals(firstWords(said))) {
            return;
        }
        String title = filter.masked(ask(said, model));
        if (!title.isEmpty()) {
            Instant now = ports.clock().instant();
            ledger.write(id, step -> {
                Optional<Session> same = step.session().filter(open -> !open.closed() && open.title().equals(before));
                same.ifPresent(open -> step.append(now, new Change.SessionChanged(open.withTitle(title), asker)));
                return same.isPresent();
            });
        }
    }

    private static boolean firstAnswer(List<Message> said) {
        return said.stream()
                .filter(message -> message.reply()
                        .filter(facts -> facts.status() == ReplyStatus.COMPLETED)
                        .isPresent())
                .count() == 1;
    }

    private static String firstWords(List<Message> said) {
        return said.stream()
                .filter(message -> message.role() == Role.USER)
                .findFirst()
                .map(first -> Titles.of(first.content()))
                .orElse("");
    }

    private String ask(List<Message> said, String model) throws InterruptedException {
        StringBuilder conversation = new StringBuilder();
        for (Message message : said) {
            String content = message.content();
            conversation
                    .append(message.role() == Role.USER ? "User: " : "Assistant: ")
                    .append(content, 0, Math.min(EXCERPT, content.length()))
                    .append("\n\n");
        }
        Prompt prompt = new Prompt(
                model,
                List.of(
                        new Prompt.Turn(Role.SYSTEM, TASK),
                        new Prompt.Turn(Role.USER, conversation.toString().strip())),
                BRIEFLY);
        StringBuilder answer = new StringBuilder();
        ports.llm().stream(prompt, fragment -> {
            if (fragment instanceof Fragment.Text text && answer.length() < EXCERPT) {
                answer.append(text.text());
            }
        });
        return Titles.read(answer.toString());
    }
}
