package dev.parley.adapter.jwt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.util.Base64URL;
import com.sun.net.httpserver.HttpServer;
import dev.parley.domain.access.Verification.Refused;
import dev.parley.domain.access.Verification.Verified;
import dev.parley.domain.error.UnavailableException;
import dev.parley.testkit.time.ManualTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class KeySetTest {

    private static final Map<String, Object> ANA = Map.of("sub", "ana");
    private static final KeyPair RSA = Signers.pair("RSA", 2048);
    private static final KeyPair FIRST = Signers.pair("Ed25519", 0);
    private static final KeyPair SECOND = Signers.pair("Ed25519", 0);

    private final ManualTime time = new ManualTime();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile String document = set(Signers.okp(FIRST, "first"));
    private volatile int status = 200;
    private HttpServer server;
    private JwtAdapter verifier;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/keys", exchange -> {
            requests.incrementAndGet();
            byte[] body = document.getBytes(UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/keys");
        verifier = JwtAdapter.ofKeySet(address, JwtChecks.DEFAULT, time);
    }

    @AfterEach
    void stop() {
        verifier.close();
        server.stop(0);
    }

    @Test
    void keys_are_fetched_once_for_many_tokens() {
        for (int i = 0; i < 10; i++) {
            assertThat(verifier.verify(Signers.ed25519(FIRST, "first", ANA))).isInstanceOf(Verified.class);
            assertThat(verifier.verify(Signers.ed25519(FIRST, "", ANA))).isInstanceOf(Verified.class);
        }
        assertThat(requests).hasValue(1);
        assertThat(verifier.verify(Signers.ed25519(SECOND, "first", ANA))).isInstanceOf(Refused.class);
    }

    @Test
    void a_new_key_is_found_when_a_token_names_it() {
        assertThat(verifier.verify(Signers.ed25519(FIRST, "first", ANA))).isInstanceOf(Verified.class);
        document = set(Signers.okp(SECOND, "second"));
        time.advance(Duration.ofSeconds(11));
        assertThat(verifier.verify(Signers.ed25519(SECOND, "second", ANA))).isInstanceOf(Verified.class);
        assertThat(verifier.verify(Signers.ed25519(FIRST, "first", ANA))).isInstanceOf(Refused.class);
    }

    @Test
    void invented_names_do_not_make_it_ask_all_the_time() {
        for (int i = 0; i < 100; i++) {
            assertThat(verifier.verify(Signers.ed25519(SECOND, "invented-" + i, ANA))).isInstanceOf(Refused.class);
        }
        assertThat(requests.get()).isLessThanOrEqualTo(2);
    }

    @Test
    void keys_without_names_are_tried_for_tokens_that_name_one() {
        document = set(Signers.okp(FIRST, "first") + "," + unnamed(SECOND));
        assertThat(verifier.verify(Signers.ed25519(SECOND, "whatever", ANA))).isInstanceOf(Verified.class);
        assertThat(verifier.verify(Signers.ed25519(SECOND, "", ANA))).isInstanceOf(Verified.class);
        assertThat(requests).hasValue(1);
        // A name that is known means that key and no other.
        assertThat(verifier.verify(Signers.ed25519(SECOND, "first", ANA))).isInstanceOf(Refused.class);
        assertThat(verifier.verify(Signers.ed25519(FIRST, "whatever", ANA))).isInstanceOf(Refused.class);
    }

    @Test
    void a_key_without_a_name_that_was_changed_is_found() {
        document = set(unnamed(FIRST));
        assertThat(verifier.verify(Signers.ed25519(FIRST, "a", ANA))).isInstanceOf(Verified.class);
        document = set(unnamed(SECOND));
        time.advance(Duration.ofSeconds(11));
        assertThat(verifier.verify(Signers.ed25519(SECOND, "b", ANA))).isInstanceOf(Verified.class);
        assertThat(verifier.verify(Signers.ed25519(FIRST, "a", ANA))).isInstanceOf(Refused.class);
        assertThat(requests).hasValue(2);
    }

    private static String unnamed(KeyPair pair) {
        return Signers.okp(pair, "").replace("\"kid\":\"\",", "");
    }

    @Test
    void a_withdrawn_key_ends_within_a_quarter_of_an_hour() {
        String token = Signers.ed25519(FIRST, "first", ANA);
        assertThat(verifier.verify(token)).isInstanceOf(Verified.class);
        document = set(Signers.okp(SECOND, "second"));
        time.advance(Duration.ofMinutes(15));
        assertThat(verifier.verify(token)).isInstanceOf(Refused.class);
    }

    @Test
    void keys_stay_good_for_a_day_while_the_address_is_away() {
        String token = Signers.ed25519(FIRST, "first", ANA);
        assertThat(verifier.verify(token)).isInstanceOf(Verified.class);
        status = 500;
        time.advance(Duration.ofHours(23));
        assertThat(verifier.verify(token)).isInstanceOf(Verified.class);
        time.advance(Duration.ofHours(1));
        assertThatThrownBy(() -> verifier.verify(token)).isInstanceOf(UnavailableException.class);
        status = 200;
        time.advance(Duration.ofSeconds(11));
        assertThat(verifier.verify(token)).isInstanceOf(Verified.class);
    }

    @Test
    void no_keys_at_all_is_a_failure_and_no_refusal() {
        document = "<html>";
        assertThatThrownBy(() -> verifier.verify(Signers.ed25519(FIRST, "first", ANA)))
                .isInstanceOf(UnavailableException.class);
        document = set("\"x\"".repeat(200_000));
        time.advance(Duration.ofSeconds(11));
        assertThatThrownBy(() -> verifier.verify(Signers.ed25519(FIRST, "first", ANA)))
                .isInstanceOf(UnavailableException.class);
    }

    @Test
    void garbage_costs_no_request() {
        assertThat(verifier.verify("x.y.z")).isInstanceOf(Refused.class);
        assertThat(verifier.verify(Signers.encoded("{\"alg\":\"HS256\"}") + ".e30.AAAA")).isInstanceOf(Refused.class);
        assertThat(requests).hasValue(0);
    }

    @Test
    void keys_for_other_uses_do_not_count() throws JOSEException {
        RSAPublicKey key = (RSAPublicKey) RSA.getPublic();
        String numbers = "\"n\":\"" + Base64URL.encode(key.getModulus()) + "\",\"e\":\""
                + Base64URL.encode(key.getPublicExponent()) + "\"";
        String token = Signers.signed(JWSAlgorithm.RS256, "k", new RSASSASigner(RSA.getPrivate()), ANA);
        String[][] documents = {
            {"Verified", "{\"kty\":\"RSA\",\"kid\":\"k\"," + numbers + "}"},
            {"Verified", "{\"kty\":\"RSA\",\"kid\":\"k\",\"use\":\"sig\",\"alg\":\"RS256\"," + numbers + "}"},
            {"Refused", "{\"kty\":\"RSA\",\"kid\":\"k\",\"use\":\"enc\"," + numbers + "}"},
            {"Refused", "{\"kty\":\"RSA\",\"kid\":\"k\",\"alg\":\"RS512\"," + numbers + "}"},
            {"Refused", "{\"kty\":\"oct\",\"kid\":\"k\",\"k\":\"AAAA\"}"},
        };
        for (String[] one : documents) {
            document = set(one[1]);
            time.advance(Duration.ofMinutes(16));
            assertThat(verifier.verify(token).getClass().getSimpleName()).as(one[1]).isEqualTo(one[0]);
        }
    }

    private static String set(String key) {
        return "{\"keys\":[" + key + "]}";
    }
}
