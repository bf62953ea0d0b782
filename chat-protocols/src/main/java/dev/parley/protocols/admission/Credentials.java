package dev.parley.protocols.admission;

import java.util.List;
import java.util.Optional;

/**
 * What a client brought to say who it is.
 *
 * @param token the bearer token, from wherever it came
 * @param clientId what an anonymous client calls itself, by cookie or parameter
 */
public record Credentials(Optional<String> token, Optional<String> clientId) {

    /** The cookie that keeps an anonymous browser the same user. */
    public static final String COOKIE = "parley_client";

    private static final String SCHEME = "bearer ";
    private static final String SUBPROTOCOL = "bearer.";
    private static final String OWN = "parley";

    /**
     * Reads them: the token from the header before the subprotocol before the parameter, the client id from the parameter
     * before the cookie.
     *
     * @param authorization the header
     * @param cookies the header
     * @param subprotocols what a WebSocket client offers, in its order
     * @param token the parameter {@code token}
     * @param clientId the parameter {@code client_id}
     */
    public static Credentials of(
            Optional<String> authorization,
            Optional<String> cookies,
            List<String> subprotocols,
            Optional<String> token,
            Optional<String> clientId) {
        Optional<String> offered = subprotocols.stream()
                .filter(word -> word.startsWith(SUBPROTOCOL))
                .map(word -> word.substring(SUBPROTOCOL.length()))
                .findFirst();
        Optional<String> header = authorization
                .filter(value -> value.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
                .map(value -> value.substring(SCHEME.length()).strip());
        return new Credentials(
                header.or(() -> offered).or(() -> token).filter(value -> !value.isEmpty()),
                clientId.or(() -> cookies.flatMap(Credentials::cookie)).filter(Credentials::named));
    }

    /**
     * Which of the offered subprotocols is to be selected, so that stock clients go on: the server's own name, else the first
     * that carries no token, else the one that does.
     */
    public static Optional<String> selected(List<String> subprotocols) {
        if (subprotocols.contains(OWN)) {
            return Optional.of(OWN);
        }
        return subprotocols.stream()
                .filter(word -> !word.startsWith(SUBPROTOCOL))
                .findFirst()
                .or(() -> subprotocols.stream().findFirst());
    }

    private static Optional<String> cookie(String header) {
        for (String pair : header.split(";", -1)) {
            String cookie = pair.strip();
            if (cookie.startsWith(COOKIE + "=")) {
                return Optional.of(cookie.substring(COOKIE.length() + 1));
            }
        }
        return Optional.empty();
    }

    private static boolean named(String clientId) {
        return !clientId.isBlank() && clientId.length() <= 128 && clientId.chars().allMatch(c -> c > ' ' && c < 127);
    }

    /** Says nothing of the token. */
    @Override
    public String toString() {
        return "Credentials[token " + (token.isPresent() ? "given" : "missing") + "]";
    }
}
