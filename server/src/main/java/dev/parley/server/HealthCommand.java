package dev.parley.server;

import dev.parley.bootstrap.settings.Settings;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Asks a running server how it is. */
@Command(
        name = "health",
        mixinStandardHelpOptions = true,
        description = "Asks a running server how it is; ends with 0 when it is ready.")
final class HealthCommand extends ParleyCommand {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Parameters(arity = "0..1", paramLabel = "URL", description = "Where it is (default: where the settings say).")
    String url = "";

    @Override
    ExitCode run(Settings settings) throws InterruptedException {
        String base = url.isEmpty()
                ? settings.network().address(settings.network().port()).toString()
                : url.replaceAll("/+$", "");
        HttpRequest request;
        try {
            request = HttpRequest.newBuilder(URI.create(base + "/health")).timeout(PATIENCE).build();
        } catch (IllegalArgumentException none) {
            throw new ParameterException(
                    spec.commandLine(), "expected an address such as http://127.0.0.1:8080, found " + url, none);
        }
        HttpClient.Builder builder =
                HttpClient.newBuilder().connectTimeout(PATIENCE).proxy(HttpClient.Builder.NO_PROXY);
        if (url.isEmpty()) {
            // This computer's own server has a certificate for its public name, and nothing is told to it.
            builder.sslContext(Trusting.context());
        }
        try (HttpClient client = builder.build()) {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            out().println(answer.body());
            return answer.statusCode() == 200 ? ExitCode.OK : ExitCode.UNHEALTHY;
        } catch (IOException away) {
            err().println("parley: expected a server at " + base + ", found " + found(away));
            return ExitCode.UNHEALTHY;
        }
    }

    private static String found(IOException away) {
        return away instanceof ConnectException || away.getMessage() == null
                ? "nobody who answers"
                : "none: " + away.getMessage();
    }
}
