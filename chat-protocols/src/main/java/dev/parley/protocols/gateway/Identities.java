package dev.parley.protocols.gateway;

import dev.parley.domain.access.UserId;
import dev.parley.protocols.socketio.NamespaceSocket;
import dev.parley.protocols.socketio.Secrets;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which clients are here, and what each is called, and the secret by which it is known again on any node without anything being remembered: its id follows
 * from the secret, and the secret from the user. Safe for use by many threads.
 */
final class Identities {

    private static final int MAX_SECRET = 64;
    private static final int TAG = 12;
    private static final int SID = 20;

    private final Secrets secrets = new Secrets();
    private final Map<String, GatewaySession> here = new ConcurrentHashMap<>();

    /** A new one. {@code again} whether the client may be known again by it */
    NamespaceSocket.Identity fresh(UserId user, boolean again) {
        String nonce = secrets.next();
        return again ? identity(nonce + "." + tag(nonce, user)) : new NamespaceSocket.Identity(nonce, Optional.empty());
    }

    /** The one that a client had; empty when it is not this user's. */
    Optional<NamespaceSocket.Identity> known(String secret, UserId user) {
        int dot = secret.indexOf('.');
        return secret.length() <= MAX_SECRET && dot > 0 && secret.substring(dot + 1).equals(tag(secret.substring(0, dot), user))
                ? Optional.of(identity(secret))
                : Optional.empty();
    }

    /** The client is here now; should its old connection not be known to be dead yet, it ends. */
    void came(String sid, GatewaySession session) {
        GatewaySession before = here.put(sid, session);
        if (before != null) {
            before.replace();
        }
    }

    void went(String sid, GatewaySession session) {
        here.remove(sid, session);
    }

    private static NamespaceSocket.Identity identity(String secret) {
        return new NamespaceSocket.Identity(digest("sid", secret).substring(0, SID), Optional.of(secret));
    }

    private static String tag(String nonce, UserId user) {
        return digest(nonce, user.value()).substring(0, TAG);
    }

    private static String digest(String one, String other) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(one.getBytes(StandardCharsets.UTF_8));
            sha.update((byte) 0);
            sha.update(other.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(sha.digest());
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("Expected SHA-256, which every Java platform has", missing);
        }
    }
}
