package dev.parley.integration.nodes;

import dev.parley.protocols.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * A client as the protocol's page asks for one: it keeps its cursor and how far replies were shown, gives everything it says a name,
 * says it again until it is acknowledged, and comes back at another server when its own goes. It asks one question after the other
 * until it is told to come to an end. What no client may ever see is noted as a fault.
 */
final class PersistentClient implements Runnable {

    static final String LAST = "That was it";

    private static final long SAY_AGAIN = TimeUnit.SECONDS.toNanos(4);
    /** Once in so many frames it drops its connection by itself, wherever it is in whatever reply. */
    private static final int MOVES = 300;

    private final String session;
    private final String name;
    private final String token;
    private final List<URI> servers;
    private final HttpClient http;
    private final Random random;
    private final boolean speaksLast;

    private final Map<String, Said> unacknowledged = new LinkedHashMap<>();
    private final Map<String, StringBuilder> growing = new LinkedHashMap<>();
    private final Map<String, String> messages = new LinkedHashMap<>();
    private final Set<String> running = new HashSet<>();
    private final Set<String> acknowledged = new HashSet<>();
    private final Set<String> sayings = new HashSet<>();
    private final Map<String, List<Sending>> putTo = new HashMap<>();
    private final Map<String, Long> ends = new HashMap<>();
    private final List<String> faults = new ArrayList<>();
    private Optional<String> cursor = Optional.empty();
    private int names;
    private boolean last;
    private boolean saidLast;

    private volatile boolean entered;
    private volatile boolean begin;
    private volatile boolean comeToAnEnd;
    private volatile boolean mayEnd;
    private volatile boolean quiet;
    private volatile boolean over;
    private volatile int following;
    private volatile Optional<URI> server = Optional.empty();
    private final AtomicInteger reconnects = new AtomicInteger();
    private final AtomicInteger resumed = new AtomicInteger();
    private final AtomicInteger repeated = new AtomicInteger();

    /** Something that is said until it is acknowledged, when it was last, and to whom. */
    private record Said(String frame, String content, long at, List<Sending> sendings) {}

    /** That something was said to a server. */
    record Sending(URI server, long at) {}

    /** A question that is acknowledged: whom it was put to, and when its answer had ended. */
    record Question(List<Sending> sendings, long ended) {}

    /** @param speaksLast whether this one says the session's last word */
    PersistentClient(
            String session,
            String name,
            String token,
            List<URI> servers,
            HttpClient http,
            long seed,
            boolean speaksLast) {
        this.session = session;
        this.name = name;
        this.token = token;
        this.servers = servers;
        this.http = http;
        this.random = new Random(seed);
        this.speaksLast = speaksLast;
    }

    @Override
    public void run() {
        while (!over) {
            URI wanted = servers.get(random.nextInt(servers.size()));
            try (Connection connection = connect(wanted)) {
                server = Optional.of(wanted);
                talk(connection);
            } catch (IOException | TimeoutException | ExecutionException gone) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50 + random.nextInt(150)));
            } catch (InterruptedException stopped) {
                return;
            }
            server = Optional.empty();
            reconnects.incrementAndGet();
        }
    }

    boolean entered() {
        return entered;
    }

    /** From now on it asks. */
    void begin() {
        begin = true;
    }

    /** It asks nothing more. */
    void comeToAnEnd() {
        comeToAnEnd = true;
    }

    /** Whether everything that it said is acknowledged and every reply it knows of has ended. */
    boolean quiet() {
        return quiet;
    }

    /** It ends once it was told the session's last word. */
    void end() {
        mayEnd = true;
    }

    boolean over() {
        return over;
    }

    /** What it waits for. */
    String standing() {
        return name + " in " + session + ": unacknowledged " + unacknowledged.keySet() + ", running " + running + ", last "
                + last;
    }

    Set<String> acknowledged() {
        return acknowledged;
    }

    /** All that it said, each in words of its own. */
    Set<String> sayings() {
        return sayings;
    }

    /** By the answers' names: what all of a session put, and when the first of them was told the end. */
    static Map<String, Question> questions(List<PersistentClient> members) {
        Map<String, Question> questions = new HashMap<>();
        for (PersistentClient member : members) {
            member.putTo.forEach((reply, sendings) -> questions.put(
                    reply,
                    new Question(
                            sendings,
                            members.stream()
                                    .map(each -> each.ends.get(reply))
                                    .filter(Objects::nonNull)
                                    .min(Long::compare)
                                    .orElseThrow())));
        }
        return questions;
    }

    /** What it was told of each message: how it stands and what it says. */
    Map<String, String> messages() {
        return messages;
    }

    List<String> faults() {
        return faults;
    }

    /** How many replies are being shown to it. */
    int following() {
        return following;
    }

    /** Where it is connected. */
    Optional<URI> server() {
        return server;
    }

    int reconnects() {
        return reconnects.get();
    }

    /** How often it was told what it had missed. */
    int resumed() {
        return resumed.get();
    }

    /** How often it said something again since nobody acknowledged it. */
    int repeated() {
        return repeated.get();
    }

    private Connection connect(URI server) throws InterruptedException, ExecutionException, TimeoutException {
        StringBuilder address = new StringBuilder("ws" + server.toString().substring(4) + "/ws/" + session
                + "?visibility=shared&token=" + token);
        cursor.ifPresent(since -> address.append("&since=").append(since));
        if (!growing.isEmpty()) {
            address.append("&streams=")
                    .append(growing.entrySet()
                            .stream()
                            .map(reply -> reply.getKey() + ":" + reply.getValue().length())
                            .collect(Collectors.joining(",")));
        }
        return Connection.open(http, URI.create(address.toString()));
    }

    private void talk(Connection connection)
            throws InterruptedException, IOException, ExecutionException, TimeoutException {
        boolean connected = false;
        while (!over) {
            Optional<JsonObject> next = connection.next();
            if (next.isEmpty()) {
                if (connected) {
                    speak(connection);
                }
                continue;
            }
            JsonObject frame = next.get();
            if (type(frame).equals(Connection.GONE)) {
                throw new IOException("Expected a connection that stands");
            }
            if (type(frame).equals("connected")) {
                connected = true;
                if (cursor.isEmpty()) {
                    cursor = frame.text("cursor");
                }
                entered = true;
                for (String id : List.copyOf(unacknowledged.keySet())) {
                    sayAgain(connection, id);
                }
            } else {
                take(frame);
                following = growing.size();
                if (random.nextInt(MOVES) == 0) {
                    throw new IOException("Expected a connection that stands, cut it");
                }
            }
        }
    }

    private void speak(Connection connection)
            throws InterruptedException, ExecutionException, TimeoutException {
        long now = System.nanoTime();
        for (Map.Entry<String, Said> open : List.copyOf(unacknowledged.entrySet())) {
            if (now - open.getValue().at() > SAY_AGAIN) {
                sayAgain(connection, open.getKey());
            }
        }
        boolean idle = unacknowledged.isEmpty() && running.isEmpty() && growing.isEmpty();
        if (!begin || !idle) {
            quiet = false;
        } else if (!comeToAnEnd) {
            boolean question = random.nextInt(3) > 0;
            say(connection, question ? "Question" : "Aside", question);
        } else {
            quiet = true;
            if (mayEnd && speaksLast && !saidLast) {
                saidLast = true;
                say(connection, LAST, false);
            }
            over = mayEnd && last;
        }
    }

    private void say(Connection connection, String content, boolean question)
            throws InterruptedException, ExecutionException, TimeoutException {
        String id = name + "-" + names++;
        // Nothing is said in the same words twice: what is stored twice is seen.
        String unique = content + " " + id;
        sayings.add(unique);
        String frame = "{\"type\":\"message\",\"id\":\"" + id + "\",\"content\":\"" + unique + "\",\"reply\":" + question + "}";
        unacknowledged.put(id, new Said(frame, unique, System.nanoTime(), new ArrayList<>(List.of(sending()))));
        connection.send(frame);
    }

    private void sayAgain(Connection connection, String id)
            throws InterruptedException, ExecutionException, TimeoutException {
        Said said = Objects.requireNonNull(unacknowledged.get(id));
        said.sendings().add(sending());
        unacknowledged.put(id, new Said(said.frame(), said.content(), System.nanoTime(), said.sendings()));
        connection.send(said.frame());
        repeated.incrementAndGet();
    }

    private Sending sending() {
        return new Sending(server.orElseThrow(), System.nanoTime());
    }

    private void take(JsonObject frame) {
        frame.text("cursor").ifPresent(newest -> cursor = Optional.of(newest));
        switch (type(frame)) {
            case "message" -> told(frame.requiredText("message_id"), "", frame.requiredText("content"));
            case "ack" -> acknowledged(frame);
            case "stream_start" -> {
                String reply = frame.requiredText("message_id");
                growing.put(reply, new StringBuilder());
                running.add(reply);
            }
            case "stream_chunk" -> grew(frame);
            case "stream_end" -> ended(frame);
            case "resumed" -> {
                resumed.incrementAndGet();
                if (!frame.truth("recovered").orElse(false)) {
                    faults.add("told to load anew");
                }
            }
            case "error" -> frame.text("code")
                    .filter(Set.of("CONFLICT", "BAD_REQUEST", "FORBIDDEN", "INTERNAL")::contains)
                    .ifPresent(code -> faults.add("an error: " + frame));
            default -> {}
        }
    }

    private void acknowledged(JsonObject ack) {
        Said said = unacknowledged.remove(ack.requiredText("id"));
        if (said != null) {
            String message = ack.requiredText("message_id");
            acknowledged.add(message);
            told(message, "", said.content());
            Optional<String> asked = ack.text("reply_id");
            asked.ifPresent(reply -> putTo.put(reply, List.copyOf(said.sendings())));
            asked.filter(reply -> !messages.containsKey(reply)).ifPresent(running::add);
        }
    }

    private void grew(JsonObject chunk) {
        String reply = chunk.requiredText("message_id");
        StringBuilder text = growing.get(reply);
        if (text == null) {
            faults.add("a piece of a reply that has not begun: " + chunk);
            return;
        }
        text.append(chunk.requiredText("content"));
        long seq = chunk.whole("seq").orElse(-1L);
        if (seq != text.length()) {
            faults.add("a piece up to " + seq + " of a reply that is " + text.length() + " long then");
        }
    }

    private void ended(JsonObject end) {
        String reply = end.requiredText("message_id");
        StringBuilder text = growing.remove(reply);
        running.remove(reply);
        if (text == null) {
            faults.add("the end of a reply that has not begun: " + end);
        } else if (messages.containsKey(reply)) {
            faults.add("the end of a reply for the second time: " + end);
        } else {
            told(reply, end.requiredText("status"), text.toString());
            ends.put(reply, System.nanoTime());
        }
    }

    private void told(String message, String status, String content) {
        String before = messages.put(message, status + ":" + content);
        if (before != null && !before.equals(status + ":" + content)) {
            faults.add("message " + message + " as " + before + " and as " + content);
        }
        last |= content.startsWith(LAST);
    }

    private static String type(JsonObject frame) {
        return frame.text("type").orElse("");
    }
}
