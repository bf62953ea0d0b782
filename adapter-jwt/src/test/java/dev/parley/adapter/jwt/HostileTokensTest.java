package dev.parley.adapter.jwt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.util.Base64URL;
import dev.parley.domain.access.Verification;
import dev.parley.domain.access.Verification.Refused;
import dev.parley.domain.access.Verification.Verified;
import dev.parley.testkit.time.ManualTime;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** Tricks with tokens that are well known. */
final class HostileTokensTest {

    private static final KeyPair RSA = Signers.pair("RSA", 2048);
    private static final Map<String, Object> ANA = Map.of("sub", "ana");

    private final ManualTime time = new ManualTime();
    private final JwtAdapter bySecret = JwtAdapter.ofSecret(Signers.SECRET, JwtChecks.DEFAULT, time);
    private final JwtAdapter byRsa = JwtAdapter.ofPem(Signers.pem(RSA), JwtChecks.DEFAULT, time);

    @Test
    void no_signature_at_all_is_refused() {
        for (String alg : List.of("none", "None", "NONE", "nOnE", "")) {
            String head = Signers.encoded("{\"alg\":\"" + alg + "\"}") + "." + Signers.encoded("{\"sub\":\"ana\"}") + ".";
            for (String token : List.of(head, head + "AA")) {
                assertRefused(bySecret.verify(token));
                assertRefused(byRsa.verify(token));
            }
        }
    }

    @Test
    void a_signature_is_written_in_one_way_only() throws JOSEException {
        String token = "";
        for (int i = 0; !signature(token).contains("_") || !signature(token).contains("-"); i++) {
            token = Signers.signed(JWSAlgorithm.HS256, "", new MACSigner(Signers.SECRET), Map.of("sub", "ana", "jti", "t" + i));
        }
        assertThat(bySecret.verify(token)).isInstanceOf(Verified.class);
        String signed = token.substring(0, token.lastIndexOf('.') + 1);
        String signature = signature(token);
        // 43 characters say 258 bits, two more than there are.
        char last = signature.charAt(42);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        char next = alphabet.charAt(alphabet.indexOf(last) + 1);
        for (String other : List.of(
                signature.replace('_', '/'),
                signature.replace('-', '+'),
                signature.substring(0, 42) + next,
                signature + "=",
                signature.substring(0, 20) + "*" + signature.substring(20),
                signature.substring(0, 20) + "\n" + signature.substring(20))) {
            assertRefused(bySecret.verify(signed + other));
        }
    }

    private static String signature(String token) {
        return token.substring(token.lastIndexOf('.') + 1);
    }

    @Test
    void a_public_key_is_no_secret() {
        for (byte[] secret : List.of(Signers.pem(RSA).getBytes(UTF_8), RSA.getPublic().getEncoded())) {
            assertRefused(byRsa.verify(hmac("HmacSHA256", secret, "{\"alg\":\"HS256\"}", "{\"sub\":\"ana\"}")));
            assertRefused(byRsa.verify(hmac("HmacSHA256", secret, "{\"alg\":\"RS256\"}", "{\"sub\":\"ana\"}")));
        }
    }

    @Test
    void other_algorithms_are_refused_even_with_the_right_key() throws JOSEException {
        assertRefused(byRsa.verify(Signers.signed(JWSAlgorithm.RS512, "", new RSASSASigner(RSA.getPrivate()), ANA)));
        assertRefused(byRsa.verify(Signers.signed(JWSAlgorithm.PS256, "", new RSASSASigner(RSA.getPrivate()), ANA)));
        String longSecret = Signers.SECRET.repeat(3);
        JwtAdapter longVerifier = JwtAdapter.ofSecret(longSecret, JwtChecks.DEFAULT, time);
        assertRefused(longVerifier.verify(Signers.signed(JWSAlgorithm.HS512, "", new MACSigner(longSecret), ANA)));
    }

    @Test
    void issuer_and_audience_are_checked_when_they_matter() {
        JwtChecks checks = new JwtChecks(Optional.of("https://id.example"), Optional.of("chat"), Duration.ZERO);
        JwtAdapter strict = JwtAdapter.ofSecret(Signers.SECRET, checks, time);
        assertThat(strict.verify(own("{\"sub\":\"ana\",\"iss\":\"https://id.example\",\"aud\":\"chat\"}")))
                .isInstanceOf(Verified.class);
        assertThat(strict.verify(own("{\"sub\":\"ana\",\"iss\":\"https://id.example\",\"aud\":[\"x\",\"chat\"]}")))
                .isInstanceOf(Verified.class);
        for (String claims : List.of(
                "{\"sub\":\"ana\"}",
                "{\"sub\":\"ana\",\"iss\":\"https://id.example\"}",
                "{\"sub\":\"ana\",\"aud\":\"chat\"}",
                "{\"sub\":\"ana\",\"iss\":\"https://id.example/\",\"aud\":\"chat\"}",
                "{\"sub\":\"ana\",\"iss\":\"https://id.example\",\"aud\":[\"chats\"]}",
                "{\"sub\":\"ana\",\"iss\":\"https://id.example\",\"aud\":{\"chat\":1}}",
                "{\"sub\":\"ana\",\"iss\":[\"https://id.example\"],\"aud\":\"chat\"}")) {
            assertRefused(strict.verify(own(claims)));
        }
    }

    @Test
    void nobody_takes_the_name_of_somebody_anonymous() {
        assertRefused(bySecret.verify(own("{\"sub\":\"anon-Zm9vYmFyYmF6cXV4Zm9vYg\"}")));
        assertRefused(bySecret.verify(own("{\"sub\":\"anon-\"}")));
        assertThat(bySecret.verify(own("{\"sub\":\"anonymous\"}"))).isInstanceOf(Verified.class);
    }

    @Test
    void claims_that_come_twice_are_refused() {
        assertRefused(bySecret.verify(own("{\"sub\":\"ana\",\"sub\":\"ben\"}")));
        assertRefused(bySecret.verify(
                hmac("HmacSHA256", Signers.SECRET.getBytes(UTF_8), "{\"alg\":\"HS256\",\"alg\":\"none\"}", "{\"sub\":\"ana\"}")));
    }

    @Test
    void what_is_no_object_inside_is_refused() {
        for (String claims : List.of("", "null", "[]", "\"ana\"", "7", "{", "{\"sub\":\"ana\"", "[".repeat(5_000))) {
            assertRefused(bySecret.verify(own(claims)));
        }
    }

    @Test
    void critical_extensions_are_refused() {
        for (String header : List.of(
                "{\"alg\":\"HS256\",\"crit\":[\"exp\"],\"exp\":1}",
                "{\"alg\":\"HS256\",\"crit\":[\"x\"]}",
                "{\"alg\":\"HS256\",\"crit\":[]}",
                "{\"alg\":\"HS256\",\"b64\":false,\"crit\":[\"b64\"]}")) {
            assertRefused(bySecret.verify(
                    hmac("HmacSHA256", Signers.SECRET.getBytes(UTF_8), header, "{\"sub\":\"ana\"}")));
        }
    }

    @Test
    void keys_that_a_token_brings_along_are_not_used() {
        String header = "{\"alg\":\"HS256\",\"jwk\":{\"kty\":\"oct\",\"k\":\"" + Base64URL.encode("x".repeat(32))
                + "\"},\"jku\":\"http://127.0.0.1:1/keys\",\"x5u\":\"http://127.0.0.1:1/keys\",\"kid\":\"../../etc\"}";
        assertRefused(bySecret.verify(hmac("HmacSHA256", "x".repeat(32).getBytes(UTF_8), header, "{\"sub\":\"ana\"}")));
    }

    @Test
    void keys_that_are_too_weak_or_no_public_keys_are_refused_at_once() {
        String secret = Signers.pem(RSA).replace("PUBLIC", "PRIVATE");
        for (String pem : List.of(
                "", "no key", secret, Signers.pem(Signers.pair("RSA", 1024)), Signers.pem(Signers.pair("EC", 384)),
                Signers.pem(Signers.pair("X25519", 0)), Signers.pem(RSA).replace("MII", "AAA"))) {
            assertThatThrownBy(() -> JwtAdapter.ofPem(pem, JwtChecks.DEFAULT, time))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("Expected");
        }
    }

    @Test
    void several_keys_may_stand_together() throws JOSEException {
        KeyPair ed = Signers.pair("Ed25519", 0);
        JwtAdapter both = JwtAdapter.ofPem(Signers.pem(RSA) + "\n" + Signers.pem(ed), JwtChecks.DEFAULT, time);
        assertThat(both.verify(Signers.ed25519(ed, "", ANA))).isInstanceOf(Verified.class);
        assertThat(both.verify(Signers.signed(JWSAlgorithm.RS256, "", new RSASSASigner(RSA.getPrivate()), ANA)))
                .isInstanceOf(Verified.class);
    }

    private static String own(String claims) {
        return hmac("HmacSHA256", Signers.SECRET.getBytes(UTF_8), "{\"alg\":\"HS256\"}", claims);
    }

    private static String hmac(String algorithm, byte[] secret, String header, String claims) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(secret, algorithm));
            String input = Signers.encoded(header) + "." + Signers.encoded(claims);
            return input + "." + Base64URL.encode(mac.doFinal(input.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertRefused(Verification verification) {
        assertThat(verification).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.expired()).isFalse());
    }
}
