package dev.parley.adapter.jwt;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import dev.parley.domain.error.UnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/** Keys from a key set's address, kept for a while; one thread asks while the others wait for it. */
final class RemoteKeys implements Keys {

    private record Known(List<VerificationKey> keys, Instant at) {}

    private static final Logger LOG = System.getLogger(RemoteKeys.class.getName());
    private static final Set<JWSAlgorithm> ALGORITHMS =
            Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256, JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519);
    private static final Duration FRESH = Duration.ofMinutes(15);
    private static final Duration GOOD_WHILE_AWAY = Duration.ofDays(1);

    /** Tokens with invented key names, and an address that is away, are not worth more requests than this. */
    private static final Duration BETWEEN_REQUESTS = Duration.ofSeconds(10);

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MAX_BYTES = 512 * 1024;

    private final URI address;
    private final InstantSource clock;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile Optional<Known> known = Optional.empty();
    private volatile Optional<Instant> askedAt = Optional.empty();

    RemoteKeys(URI address, InstantSource clock) {
        if (address.getHost() == null || !Set.of("http", "https").contains(address.getScheme())) {
            throw new IllegalArgumentException("Expected an http or https address of a key set");
        }
        this.address = address;
        this.clock = clock;
        this.client =
                HttpClient.newBuilder().executor(threads).connectTimeout(PATIENCE).build();
    }

    @Override
    public Set<String> algorithms() {
        return Set.of("RS256", "ES256", "EdDSA");
    }

    @Override
    public Finding check(JWSObject jws) {
        if (!ALGORITHMS.contains(jws.getHeader().getAlgorithm())) {
            return Finding.WRONG_ALGORITHM;
        }
        Optional<String> id = Optional.ofNullable(jws.getHeader().getKeyID());
        List<VerificationKey> keys = current(FRESH);
        Finding finding = check(jws, id, keys);
        // A key that was tried without being named may have been changed since.
        boolean certain = finding == Finding.GENUINE || id.isPresent() && !named(keys, id).isEmpty();
        return certain ? finding : check(jws, id, current(BETWEEN_REQUESTS));
    }

    /** With the key of the token's name; where there is none, with those that have no name and fit its algorithm. */
    private static Finding check(JWSObject jws, Optional<String> id, List<VerificationKey> keys) {
        List<VerificationKey> candidates = id.isEmpty() ? keys : named(keys, id);
        if (candidates.isEmpty()) {
            candidates = named(keys, Optional.empty());
        }
        return candidates.isEmpty() ? Finding.UNKNOWN_KEY : Keys.checkWith(candidates, jws);
    }

    private static List<VerificationKey> named(List<VerificationKey> keys, Optional<String> id) {
        return keys.stream().filter(key -> key.id().equals(id)).toList();
    }

    /** The keys, asked for again when they are older than {@code age}. */
    private List<VerificationKey> current(Duration age) {
        if (!olderThan(age)) {
            return known.orElseThrow().keys;
        }
        asking.lock();
        try {
            if (olderThan(age) && mayAskAgain()) {
                askedAt = Optional.of(clock.instant());
                ask();
            }
        } finally {
            asking.unlock();
        }
        return known.filter(keys -> clock.instant().isBefore(keys.at.plus(GOOD_WHILE_AWAY)))
                .map(Known::keys)
                .orElseThrow(() -> new UnavailableException("Expected keys from " + address.getHost() + ", found none"));
    }

    private boolean olderThan(Duration age) {
        return known.isEmpty() || !clock.instant().isBefore(known.get().at.plus(age));
    }

    private boolean mayAskAgain() {
        return askedAt.isEmpty() || !clock.instant().isBefore(askedAt.get().plus(BETWEEN_REQUESTS));
    }

    private void ask() {
        CompletableFuture<String> document = CompletableFuture.supplyAsync(this::document, threads);
        try {
            List<VerificationKey> keys = KeySetDocument.read(document.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
            known = Optional.of(new Known(keys, clock.instant()));
        } catch (ExecutionException | TimeoutException | ParseException | IllegalArgumentException e) {
            LOG.log(Level.WARNING, "Keys cannot be had from " + address.getHost(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String document() {
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("Accept", "application/jwk-set+json, application/json")
                .timeout(PATIENCE)
                .build();
        try {
            HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                byte[] bytes = body.readNBytes(MAX_BYTES + 1);
                if (response.statusCode() != 200 || bytes.length > MAX_BYTES) {
                    throw new UnavailableException("Expected a key set with status 200 of at most " + MAX_BYTES
                            + " bytes, found status " + response.statusCode());
                }
                return new String(bytes, UTF_8);
            }
        } catch (IOException e) {
            throw new UnavailableException("Expected a key set, found no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("Expected a key set, found an interruption", e);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
        threads.shutdownNow();
    }
}
