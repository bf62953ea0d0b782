package dev.parley.adapter.redis;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/** What Redis answers to a first word: whether it is one that this node can ever use. */
final class Greeting {

    private static final System.Logger LOG = System.getLogger(Greeting.class.getName());

    private static final int MAJOR = 6;
    private static final int MINOR = 2;
    private static final Pattern VERSION = Pattern.compile("([0-9]{1,6})\\.([0-9]{1,6})\\b.*");
    private static final Pattern LOGIN = Pattern.compile("^(?:WRONGPASS|NOAUTH|NOPERM)\\b|invalid password");

    private Greeting() {}

    /** What is wrong that no waiting mends, for an operator; empty when nothing is, and when nobody answers. */
    static Optional<String> refusal(Dialling dialling, String place) {
        try (Connection line = dialling.dial(Duration.ZERO)) {
            return version(line).flatMap(Greeting::tooOld);
        } catch (JedisConnectionException away) {
            LOG.log(System.Logger.Level.DEBUG, "Redis cannot be asked yet", away);
            return Optional.empty();
        } catch (JedisException refused) {
            return unusable(String.valueOf(refused.getMessage()), place);
        }
    }

    /** The version that it says it has; empty when this user may not ask. */
    private static Optional<String> version(Connection line) {
        line.sendCommand(Protocol.Command.HELLO);
        try {
            List<Object> facts = Answers.list(line.getOne());
            for (int i = 0; i + 1 < facts.size(); i += 2) {
                if (Answers.text(facts.get(i)).equals("version")) {
                    return Optional.of(Answers.text(facts.get(i + 1)));
                }
            }
        } catch (JedisDataException refused) {
            if (String.valueOf(refused.getMessage()).startsWith("ERR unknown command")) {
                // Known since 6.0.
                return Optional.of("5.0 or older");
            }
            if (String.valueOf(refused.getMessage()).startsWith("NOAUTH")) {
                throw refused;
            }
            LOG.log(System.Logger.Level.DEBUG, "Redis does not say which version it is", refused);
        }
        return Optional.empty();
    }

    static Optional<String> tooOld(String version) {
        Matcher numbers = VERSION.matcher(version);
        if (!numbers.matches()) {
            return Optional.empty();
        }
        int major = Integer.parseInt(numbers.group(1));
        int minor = Integer.parseInt(numbers.group(2));
        return major < MAJOR || major == MAJOR && minor < MINOR
                ? Optional.of("Expected Redis " + MAJOR + "." + MINOR + " or newer, found " + version + ". Upgrade the server")
                : Optional.empty();
    }

    static Optional<String> unusable(String said, String place) {
        if (LOGIN.matcher(said).find()) {
            return Optional.of("Expected to be let in by Redis at " + place
                    + ", found that it refuses the user or the password of REDIS_URL");
        }
        if (said.contains("DB index is out of range")) {
            return Optional.of("Expected a database of the number in REDIS_URL, found that Redis at " + place
                    + " has not so many. Use a lower number, or ?prefix= to share one");
        }
        return Optional.empty();
    }
}
