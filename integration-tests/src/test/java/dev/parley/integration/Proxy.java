package dev.parley.integration;

import dev.parley.testkit.Peers;
import dev.parley.testkit.wire.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The machine's own nginx or HAProxy, set up by the files of {@code deploy} in front of servers of this machine. */
final class Proxy implements AutoCloseable {

    private static final Path DEPLOY = Path.of("..", "deploy");
    private static final int PATIENCE_STEPS = 600;

    private final Process process;
    private final int port;

    enum Kind {
        NGINX("nginx", "/usr/sbin/nginx") {
            @Override
            Path configured(Path folder, List<Integer> servers, int port) throws IOException {
                Path site = folder.resolve("parley.conf");
                Files.writeString(
                        site,
                        addressed(Files.readString(DEPLOY.resolve("nginx/parley.conf")), servers)
                                .replace("listen 80;", "listen 127.0.0.1:" + port + ";"));
                String own = System.getProperty("user.name").equals("root") ? "user root;\n" : "";
                return Files.writeString(folder.resolve("nginx.conf"), own + """
                        daemon off;
                        pid nginx.pid;
                        error_log stderr;
                        events {}
                        http {
                            access_log off;
                            client_body_temp_path body;
                            proxy_temp_path proxy;
                            fastcgi_temp_path fastcgi;
                            uwsgi_temp_path uwsgi;
                            scgi_temp_path scgi;
                            include %s;
                        }
                        """.formatted(site.toAbsolutePath()));
            }

            @Override
            List<String> command(Path folder, Path configuration, boolean checkOnly) {
                List<String> start =
                        List.of("-p", folder.toAbsolutePath().toString(), "-e", "stderr", "-c", configuration.toString());
                return checkOnly ? joined(start, List.of("-t")) : start;
            }
        },
        HAPROXY("haproxy", "/usr/sbin/haproxy") {
            @Override
            Path configured(Path folder, List<Integer> servers, int port) throws IOException {
                return Files.writeString(
                        folder.resolve("haproxy.cfg"),
                        addressed(Files.readString(DEPLOY.resolve("haproxy/parley.cfg")), servers)
                                .replace("bind :80", "bind 127.0.0.1:" + port));
            }

            @Override
            List<String> command(Path folder, Path configuration, boolean checkOnly) {
                List<String> start = List.of("-f", configuration.toString());
                return checkOnly ? joined(start, List.of("-c")) : joined(start, List.of("-db"));
            }
        };

        private final String name;
        private final Path program;

        Kind(String name, String program) {
            this.name = name;
            this.program = Path.of(program);
        }

        abstract Path configured(Path folder, List<Integer> servers, int port) throws IOException;

        abstract List<String> command(Path folder, Path configuration, boolean checkOnly);

        private static String addressed(String configuration, List<Integer> servers) {
            String addressed = configuration;
            for (int server = 0; server < servers.size(); server++) {
                String name = "parley-" + (server + 1) + ":8080";
                if (!configuration.contains(name)) {
                    throw new AssertionError("Expected a server " + name + ", found: " + configuration);
                }
                addressed = addressed.replace(name, "127.0.0.1:" + servers.get(server));
            }
            return addressed;
        }

        private static List<String> joined(List<String> first, List<String> second) {
            return Stream.concat(first.stream(), second.stream()).toList();
        }

        private Process run(Path folder, List<Integer> servers, int port, boolean checkOnly) throws IOException {
            if (!Files.isExecutable(program)) {
                Peers.missing(name, "install " + name);
            }
            Path configuration = configured(folder, servers, port);
            return new ProcessBuilder(joined(List.of(program.toString()), command(folder, configuration, checkOnly)))
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
        }
    }

    private Proxy(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** What the program says of the file of {@code deploy}; fails unless it takes it. */
    static String checked(Kind kind, Path folder) throws Exception {
        Process process = kind.run(folder, List.of(1, 2), 3, true);
        if (!process.waitFor(Frames.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        String said = Files.readString(folder.resolve("log"));
        if (process.exitValue() != 0) {
            throw new AssertionError("Expected " + kind + " to take its configuration, found: " + said);
        }
        return said;
    }

    static Proxy start(Kind kind, Path folder, List<Integer> servers) throws Exception {
        int port = FreePort.find();
        Proxy proxy = new Proxy(kind.run(folder, servers, port, false), port);
        for (int step = 0; step < PATIENCE_STEPS; step++) {
            if (proxy.takesConnections()) {
                return proxy;
            }
            // Waiting for its end is waiting a little.
            if (proxy.process.waitFor(50, TimeUnit.MILLISECONDS)) {
                break;
            }
        }
        proxy.close();
        throw new AssertionError("Expected " + kind + " to take connections, found: " + Files.readString(folder.resolve("log")));
    }

    int port() {
        return port;
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }

    private boolean takesConnections() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }
}
