package dev.parley.adapter.ollama;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that answers each request with the next bytes it was given, whatever they are. */
final class RawServer implements AutoCloseable {

    /**
     * What a request meets.
     *
     * @param bytes sent as they are
     * @param closes whether the connection is closed then
     */
    record Answer(String bytes, boolean closes) {}

    private final ServerSocket listener;
    private final LinkedBlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private final Semaphore gone = new Semaphore(0);
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean deaf;

    RawServer() {
        this(listener());
    }

    RawServer(ServerSocket listener) {
        this.listener = listener;
        Thread.ofVirtual().start(this::accept);
    }

    private static ServerSocket listener() {
        try {
            return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException taken) {
            throw new UncheckedIOException(taken);
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    RawServer answers(String bytes) {
        answers.add(new Answer(bytes, false));
        return this;
    }

    RawServer answersAndCloses(String bytes) {
        answers.add(new Answer(bytes, true));
        return this;
    }

    /** Sends more over every connection. */
    void adds(String bytes) throws IOException {
        for (Socket socket : open) {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    /** From now on it reads nothing. */
    RawServer deaf() {
        deaf = true;
        return this;
    }

    List<String> requests() {
        return List.copyOf(requests);
    }

    int connections() {
        return accepted.get();
    }

    boolean awaitGone() throws InterruptedException {
        return gone.tryAcquire(20, TimeUnit.SECONDS);
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                accepted.incrementAndGet();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException closed) {
            answers.clear();
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = socket.getInputStream();
            while (!deaf && request(in)) {
                Answer answer = answers.take();
                socket.getOutputStream().write(answer.bytes().getBytes(StandardCharsets.ISO_8859_1));
                if (answer.closes()) {
                    return;
                }
            }
            while (deaf) {
                answers.take();
            }
            gone.release();
        } catch (SocketException reset) {
            gone.release();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean request(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return false;
            }
            head.append((char) next);
        }
        String lower = head.toString().toLowerCase(java.util.Locale.ROOT);
        int length = lower.indexOf("content-length: ");
        int size = length < 0 ? 0 : Integer.parseInt(lower.substring(length + 16, lower.indexOf("\r", length)));
        requests.add(head + new String(in.readNBytes(size), StandardCharsets.UTF_8));
        return true;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
