package dev.parley.server;

import dev.parley.bootstrap.LocalTokens;
import dev.parley.bootstrap.settings.Settings;
import dev.parley.domain.access.UserId;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Makes a token. */
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        description = "Prints a token signed with JWT_SECRET, or with the secret of the data folder.")
final class TokenCommand extends ParleyCommand {

    private static final Pattern SPAN = Pattern.compile("(\\d{1,9})(s|m|h|d)");

    /** Tokens that end after the year 9999 are refused by whoever is given them. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    @Option(names = "--user", paramLabel = "ID", defaultValue = "local", description = "Whose token (default: local).")
    String user = "local";

    @Option(names = "--name", paramLabel = "NAME", description = "What others see (default: the user's id).")
    String name = "";

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            split = ",",
            description = "A role, more than once if need be: user, service, admin (default: user).")
    List<String> roles = List.of("user");

    @Option(names = "--ttl", paramLabel = "SPAN", defaultValue = "12h",
            description = "How long it lasts: 30m, 12h, 7d (default: 12h).")
    String ttl = "12h";

    @Override
    ExitCode run(Settings settings) {
        if (!UserId.isValid(user)) {
            throw new ParameterException(spec.commandLine(), "expected --user of 1 to 128 printable characters");
        }
        UserId id = new UserId(user);
        if (id.anonymous()) {
            throw new ParameterException(
                    spec.commandLine(), "expected another --user, since " + UserId.ANONYMOUS + "… names who has no token");
        }
        Optional<String> token =
                LocalTokens.issue(settings, id, name.isBlank() ? user : name, Set.copyOf(roles), span());
        if (token.isEmpty()) {
            err().println(
                    "parley: expected a secret to sign with, found public keys: whoever holds the private key makes tokens");
            return ExitCode.SETTINGS;
        }
        out().println(token.get());
        return ExitCode.OK;
    }

    private Duration span() {
        Matcher parts = SPAN.matcher(ttl.toLowerCase(Locale.ROOT));
        if (!parts.matches()) {
            throw new ParameterException(spec.commandLine(), "expected --ttl like 30m, 12h or 7d, found " + ttl);
        }
        long amount = Long.parseLong(parts.group(1));
        Duration span = switch (parts.group(2)) {
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
        if (span.isZero() || span.compareTo(LONGEST) > 0) {
            throw new ParameterException(
                    spec.commandLine(), "expected --ttl from 1s to " + LONGEST.toDays() + "d, found " + ttl);
        }
        return span;
    }
}
