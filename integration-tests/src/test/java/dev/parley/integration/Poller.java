package dev.parley.integration;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client of Socket.IO that only polls, from an address of its own: to a proxy, many requests that have nothing else in common. */
final class Poller implements AutoCloseable {

    private static final Pattern SID = Pattern.compile("\"sid\":\"([^\"]+)\"");
    private static final int POLLS = 50;

    private final HttpClient http;
    private final URI server;
    private final Deque<String> packets = new ArrayDeque<>();
    private String sid = "";
    private int asked;

    private Poller(HttpClient http, URI server) {
        this.http = http;
        this.server = server;
    }

    /** Connects to the chat. */
    static Poller open(URI server, String from, String token) throws IOException, InterruptedException {
        Poller poller =
                new Poller(HttpClient.newBuilder().localAddress(InetAddress.getByName(from)).build(), server);
        Matcher hello = SID.matcher(poller.next("0"));
        if (!hello.find()) {
            throw new AssertionError("Expected a handshake with a name");
        }
        poller.sid = hello.group(1);
        poller.post("40/chat,{\"token\":\"" + token + "\"}");
        poller.next("40/chat,");
        poller.next("42/chat,[\"connection:success\"");
        return poller;
    }

    /** Emits an event, and waits for its acknowledgement, which must tell of success. */
    void ask(String event, String data) throws IOException, InterruptedException {
        int id = asked++;
        post("42/chat," + id + "[\"" + event + "\"," + data + "]");
        String answer = next("43/chat," + id + "[");
        if (!answer.contains("\"success\":true")) {
            throw new AssertionError("Expected " + event + " to succeed, found " + answer);
        }
    }

    /** The next packet that begins so; others are passed over, pings answered. */
    private String next(String beginning) throws IOException, InterruptedException {
        for (int poll = 0; poll < POLLS; poll++) {
            while (!packets.isEmpty()) {
                String packet = packets.poll();
                if (packet.startsWith(beginning)) {
                    return packet;
                }
                if (packet.equals("2")) {
                    post("3");
                }
            }
            packets.addAll(List.of(sent(request().GET()).split("\u001e")));
        }
        throw new AssertionError("Expected a packet that begins with " + beginning);
    }

    private void post(String packet) throws IOException, InterruptedException {
        sent(request().POST(HttpRequest.BodyPublishers.ofString(packet)));
    }

    private HttpRequest.Builder request() {
        String session = sid.isEmpty() ? "" : "&sid=" + sid;
        return HttpRequest.newBuilder(server.resolve("/socket.io/?EIO=4&transport=polling" + session));
    }

    private String sent(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(request.timeout(Frames.PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new AssertionError("Expected a server that knows this client, found " + answer.statusCode() + " "
                    + answer.body());
        }
        return answer.body();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
