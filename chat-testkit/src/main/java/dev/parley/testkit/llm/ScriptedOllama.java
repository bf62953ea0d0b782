package dev.parley.testkit.llm;

import dev.parley.domain.llm.Completion;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server that talks like Ollama and does as a test says: it stalls, breaks off, resets, splits characters, and sees when its
 * client goes. It listens on a free port of the loopback address. Safe for use by many threads.
 */
public final class ScriptedOllama implements AutoCloseable {

    /** One thing that the server does with a chat request; the end of a script is silence. */
    public sealed interface Act {

        /** Sends these bytes as a part of a body with status 200. */
        record Body(String text) implements Act {}

        /** Lets time pass before the next act. */
        record Pause(Duration length) implements Act {}

        /** Ends the body as HTTP has it. */
        record EndOfBody() implements Act {}

        /** Answers with another status. */
        record Refuse(int status, String body) implements Act {}

        /** Closes the connection, with a reset or without. */
        record HangUp(boolean reset) implements Act {}

        /** Sends nothing for as long as the client stays. */
        record Silence() implements Act {}
    }

    /** A model that {@code /api/tags} lists. */
    public record Listed(String name, String family, Set<String> capabilities) {}

    private final ServerSocket socket;
    private final Queue<List<Act>> scripts = new ConcurrentLinkedQueue<>();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final List<String> chats = new CopyOnWriteArrayList<>();
    private final Semaphore asked = new Semaphore(0);
    private final Semaphore gone = new Semaphore(0);
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger showRequests = new AtomicInteger();
    private volatile List<String> shown = List.of();
    private final AtomicInteger tagRequests = new AtomicInteger();
    private volatile List<Listed> models = List.of(new Listed("tiny:latest", "llama", Set.of("completion")));
    private volatile List<Act> always = List.of();
    private volatile String basePath = "";
    private volatile int pieceBytes = Integer.MAX_VALUE;

    private ScriptedOllama(ServerSocket socket) {
        this.socket = socket;
    }

    public static ScriptedOllama start() {
        try {
            ScriptedOllama server =
                    new ScriptedOllama(new ServerSocket(0, 100, InetAddress.getLoopbackAddress()));
            Thread.ofVirtual().name("scripted-ollama").start(server::accept);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it listens, with the base path. */
    public URI address() {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort() + basePath);
    }

    /** Serves below {@code path} only, as behind a proxy. */
    public ScriptedOllama below(String path) {
        basePath = path;
        return this;
    }

    /** Sends bodies in pieces of at most so many bytes, wherever that cuts. */
    public ScriptedOllama inPiecesOf(int bytes) {
        pieceBytes = bytes;
        return this;
    }

    public ScriptedOllama listing(List<Listed> listed) {
        models = List.copyOf(listed);
        return this;
    }

    /** The next chat request that finds no older script meets these acts. */
    public ScriptedOllama act(Act... acts) {
        scripts.add(List.of(acts));
        return this;
    }

    /** Every chat request that finds no script meets these acts. */
    public ScriptedOllama actAlways(Act... acts) {
        always = List.of(acts);
        return this;
    }

    /** The next chat request that finds no older script meets a model that does {@code steps}. */
    public ScriptedOllama script(ModelStep... steps) {
        List<Act> acts = new ArrayList<>();
        for (ModelStep step : steps) {
            translate(step, acts);
        }
        scripts.add(List.copyOf(acts));
        return this;
    }

    /** The bodies of all chat requests so far. */
    public List<String> chats() {
        return List.copyOf(chats);
    }

    /** How many connections were made to it. */
    public int connections() {
        return accepted.get();
    }

    /** How often the list of models was asked for. */
    public int tagRequests() {
        return tagRequests.get();
    }

    /** Whether a chat request comes within 20 seconds; each is told once. */
    public boolean awaitAsked() throws InterruptedException {
        return asked.tryAcquire(ScriptedExchange.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Whether a client goes, within 20 seconds, before its answer has ended; each is told once. */
    public boolean awaitGone() throws InterruptedException {
        return gone.tryAcquire(ScriptedExchange.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        try {
            socket.close();
            for (Socket connection : connections) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One line of an answer, as Ollama writes it. */
    public static String line(String content, String thinking) {
        String thought = thinking.isEmpty() ? "" : ",\"thinking\":" + quoted(thinking);
        return "{\"model\":\"tiny:latest\",\"created_at\":\"2026-01-01T00:00:00.123456789Z\",\"message\":"
                + "{\"role\":\"assistant\",\"content\":" + quoted(content) + thought + "},\"done\":false}\n";
    }

    /** The last line of an answer, as Ollama writes it. */
    public static String lastLine(Completion completion) {
        String reason = completion.reason() == Completion.Reason.LENGTH ? "length" : "stop";
        return "{\"model\":\"tiny:latest\",\"created_at\":\"2026-01-01T00:00:01.5Z\",\"message\":"
                + "{\"role\":\"assistant\",\"content\":\"\"},\"done\":true,\"done_reason\":\"" + reason
                + "\",\"total_duration\":174560334,\"load_duration\":101397084"
                + completion.promptTokens().map(n -> ",\"prompt_eval_count\":" + n).orElse("")
                + completion.completionTokens().map(n -> ",\"eval_count\":" + n).orElse("")
                + "}\n";
    }

    private static void translate(ModelStep step, List<Act> acts) {
        switch (step) {
            case ModelStep.Say say -> acts.add(new Act.Body(line(say.text(), "")));
            case ModelStep.Think think -> acts.add(new Act.Body(line("", think.text())));
            case ModelStep.Stall stall -> acts.add(new Act.Silence());
            case ModelStep.End end -> {
                acts.add(new Act.Body(lastLine(end.completion())));
                acts.add(new Act.EndOfBody());
            }
            case ModelStep.Cut cut -> acts.add(new Act.EndOfBody());
            case ModelStep.Fail fail -> acts.addAll(failure(fail, acts.isEmpty()));
        }
    }

    private static List<Act> failure(ModelStep.Fail fail, boolean first) {
        if (!first) {
            return List.of(new Act.Body("{\"error\":\"an error was encountered\"}\n"), new Act.EndOfBody());
        }
        return List.of(
                switch (fail.kind()) {
                    case UNAVAILABLE -> new Act.HangUp(false);
                    case OVERLOADED -> new Act.Refuse(
                            503, "{\"error\":\"server busy, please try again.  maximum pending requests exceeded\"}");
                    case NOT_FOUND -> new Act.Refuse(404, "{\"error\":\"model 'nope' not found\"}");
                    case REJECTED -> new Act.Refuse(400, "{\"error\":\"\\\"tiny\\\" does not support thinking\"}");
                    case NO_FIRST_TOKEN, STALLED -> new Act.Silence();
                    case TRUNCATED -> new Act.EndOfBody();
                    case FAILED -> new Act.Refuse(
                            500, "{\"error\":\"model runner has unexpectedly stopped\"}");
                });
    }

    static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                connection.setTcpNoDelay(true);
                connections.add(connection);
                if (socket.isClosed()) {
                    connection.close();
                    return;
                }
                accepted.incrementAndGet();
                Thread.ofVirtual().name("scripted-ollama-connection").start(() -> serve(connection));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            HttpExchangeLines lines = new HttpExchangeLines(connection, pieceBytes);
            for (Optional<HttpExchangeLines.Request> request = lines.request(); request.isPresent(); request = lines.request()) {
                if (!answer(lines, request.get())) {
                    return;
                }
            }
        } catch (IOException e) {
            // The client is gone, or the test is over: what matters was counted where it happened.
            return;
        } finally {
            connections.remove(connection);
        }
    }

    private boolean answer(HttpExchangeLines lines, HttpExchangeLines.Request request) throws IOException {
        String path = request.path();
        if (path.equals(basePath + "/api/version")) {
            lines.answer(200, "{\"version\":\"0.0.0\"}");
        } else if (path.equals(basePath + "/api/tags")) {
            tagRequests.incrementAndGet();
            lines.answer(200, tags());
        } else if (path.equals(basePath + "/api/show")) {
            showRequests.incrementAndGet();
            lines.answer(
                    200,
                    "{\"details\":{\"family\":\"x\"},\"capabilities\":["
                            + String.join(",", shown.stream().map(ScriptedOllama::quoted).toList()) + "]}");
        } else if (path.equals(basePath + "/api/chat")) {
            chats.add(request.body());
            asked.release();
            return chat(lines);
        } else {
            lines.answer(404, "404 page not found");
        }
        return true;
    }

    private boolean chat(HttpExchangeLines lines) throws IOException {
        List<Act> script = Optional.ofNullable(scripts.poll()).orElse(always);
        try {
            for (Act act : script) {
                switch (act) {
                    case Act.Body body -> lines.stream(body.text());
                    case Act.Pause pause -> pause(pause.length());
                    case Act.EndOfBody end -> {
                        lines.endOfBody();
                        return true;
                    }
                    case Act.Refuse refuse -> {
                        lines.answer(refuse.status(), refuse.body());
                        return true;
                    }
                    case Act.HangUp hangUp -> {
                        lines.hangUp(hangUp.reset());
                        return false;
                    }
                    case Act.Silence silence -> lines.awaitDeparture();
                }
            }
            lines.awaitDeparture();
        } catch (IOException e) {
            gone.release();
            throw e;
        }
        return false;
    }

    private static void pause(Duration length) throws InterruptedIOException {
        try {
            Thread.sleep(length);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Expected to go on after " + length);
        }
    }

    /** From now on {@code /api/show} says of every model that it can do this. */
    public void show(String... capabilities) {
        shown = List.of(capabilities);
    }

    /** How often it was asked what a model can do. */
    public int showRequests() {
        return showRequests.get();
    }

    private String tags() {
        List<String> entries = new ArrayList<>();
        for (Listed listed : models) {
            List<String> capabilities =
                    listed.capabilities().stream().sorted().map(ScriptedOllama::quoted).toList();
            entries.add("{\"name\":" + quoted(listed.name()) + ",\"model\":" + quoted(listed.name())
                    + ",\"modified_at\":\"2026-01-01T00:00:00Z\",\"size\":524288,\"digest\":\"0\",\"details\":"
                    + "{\"parent_model\":\"\",\"format\":\"gguf\",\"family\":" + quoted(listed.family())
                    + ",\"families\":[\"x\"],\"parameter_size\":\"0.1M\",\"quantization_level\":\"F32\"}"
                    + (capabilities.isEmpty() ? "" : ",\"capabilities\":[" + String.join(",", capabilities) + "]")
                    + "}");
        }
        return "{\"models\":[" + String.join(",", entries) + "]}";
    }
}
