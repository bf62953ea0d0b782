package dev.parley.integration;

import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.json.JsonValue;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client of the chat gateway on the Java platform's WebSocket: says packets of Socket.IO and keeps all it is told. */
final class ChatSocket implements WebSocket.Listener, AutoCloseable {

    private static final Pattern PACKET = Pattern.compile("4(\\d)/chat,(\\d*)(.*)", Pattern.DOTALL);

    private final List<Told> told = new ArrayList<>();
    private final StringBuilder part = new StringBuilder();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private WebSocket socket;
    private int asked;
    private volatile String secret = "";
    private volatile String offset = "";

    /** What came. {@code name} an event's, or {@code #} and the number of what it answers, or {@code connect} or {@code refused} */
    record Told(String name, JsonObject data) {}

    /** Opens a connection and asks to be let in; what is answered comes first. */
    static ChatSocket connect(HttpClient client, URI server, String auth) throws Exception {
        ChatSocket chat = open(client, server);
        chat.say("40/chat," + auth);
        return chat;
    }

    /** Opens a connection that says nothing yet. */
    static ChatSocket open(HttpClient client, URI server) throws Exception {
        ChatSocket chat = new ChatSocket();
        URI address = URI.create("ws" + server.toString().substring(4) + "/socket.io/?EIO=4&transport=websocket");
        chat.socket =
                client.newWebSocketBuilder().buildAsync(address, chat).get(Frames.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return chat;
    }

    /** Comes in as the user that the token is called after. */
    static ChatSocket as(HttpClient client, URI server, String token) throws Exception {
        ChatSocket chat = connect(client, server, "{\"token\":\"" + token + "\"}");
        chat.next("connection:success", any -> true);
        return chat;
    }

    /** Comes back, at whatever server, as a stock client does that was cut off. */
    ChatSocket back(HttpClient client, URI server, String token) throws Exception {
        return connect(
                client, server, "{\"token\":\"" + token + "\",\"pid\":\"" + secret + "\",\"offset\":\"" + offset + "\"}");
    }

    /** Says a packet. */
    void say(String packet) throws Exception {
        socket.sendText(packet, true).get(Frames.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Emits an event, and answers what acknowledges it. {@code json} may be written with apostrophes */
    JsonObject ask(String event, String json) throws Exception {
        int number = asked++;
        say("42/chat," + number + "[\"" + event + "\"," + json.replace('\'', '"') + "]");
        return next("#" + number, any -> true);
    }

    /** The first such event that was not taken yet. */
    JsonObject next(String name, Predicate<JsonObject> wanted) throws InterruptedException {
        long end = System.nanoTime() + Frames.PATIENCE.toNanos();
        synchronized (told) {
            while (true) {
                for (int i = 0; i < told.size(); i++) {
                    Told each = told.get(i);
                    if (each.name().equals(name) && wanted.test(each.data())) {
                        told.remove(i);
                        return each.data();
                    }
                }
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    throw new AssertionError("Expected " + name + ", found only " + told.stream().map(Told::name).toList());
                }
                told.wait(left);
            }
        }
    }

    /** Those that came and were not taken yet. */
    List<JsonObject> rest(String name) {
        synchronized (told) {
            List<JsonObject> rest =
                    told.stream().filter(each -> each.name().equals(name)).map(Told::data).toList();
            told.removeIf(each -> each.name().equals(name));
            return rest;
        }
    }

    /** The code that the server closes with. */
    int closeCode() throws Exception {
        return closed.get(Frames.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        part.append(data);
        if (!last) {
            from.request(1);
            return CompletableFuture.completedFuture(null);
        }
        String text = part.toString();
        part.setLength(0);
        take(text);
        from.request(1);
        return text.equals("2") ? from.sendText("3", true) : CompletableFuture.completedFuture(null);
    }

    private void take(String text) {
        Matcher packet = PACKET.matcher(text);
        if (!packet.matches()) {
            return;
        }
        String json = packet.group(3);
        Told news = switch (packet.group(1)) {
            case "0" -> {
                JsonObject connected = Frames.parsed(json);
                secret = connected.text("pid").orElse("");
                yield new Told("connect", connected);
            }
            case "4" -> new Told("refused", Frames.parsed(json));
            case "3" -> new Told("#" + packet.group(2), (JsonObject) items(json).getFirst());
            case "2" -> event(items(json));
            default -> new Told("packet " + packet.group(1), JsonObject.EMPTY);
        };
        synchronized (told) {
            told.add(news);
            told.notifyAll();
        }
    }

    private Told event(List<JsonValue> items) {
        if (items.getLast() instanceof JsonValue.Text(String last)) {
            offset = last;
        }
        return new Told(((JsonValue.Text) items.get(0)).value(), (JsonObject) items.get(1));
    }

    private static List<JsonValue> items(String json) {
        return Frames.parsed("{\"items\":" + json + "}").items("items").orElseThrow();
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closed.complete(code);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        closed.complete(-1);
    }

    @Override
    public void close() {
        socket.abort();
    }
}
