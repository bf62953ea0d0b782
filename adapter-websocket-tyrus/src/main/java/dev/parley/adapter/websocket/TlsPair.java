package dev.parley.adapter.websocket;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * A certificate chain and its key, in two files that may change while they are used. Connections keep what they began with. Safe for
 * use by many threads.
 */
final class TlsPair {

    private static final System.Logger LOG = System.getLogger(TlsPair.class.getName());
    private static final int LARGEST_FILE = 1 << 20;

    /** What the files held when they were read, and what became of it. */
    private record Content(byte[] digest, SSLContext context, Instant end) {}

    private final Path certificate;
    private final Path key;
    private final ReentrantLock looking = new ReentrantLock();
    private volatile Content current;
    private byte[] seen;
    private String told = "";

    private TlsPair(Path certificate, Path key, Content current) {
        this.certificate = certificate;
        this.key = key;
        this.current = current;
        this.seen = current.digest();
    }

    /** @throws IllegalArgumentException when the pair cannot be used, saying why */
    static TlsPair of(Path certificate, Path key) {
        byte[] chain = read(certificate);
        byte[] secret = read(key);
        return new TlsPair(certificate, key, content(chain, secret));
    }

    /** The server's side of a new connection. */
    SSLEngine engine() {
        SSLEngine engine = current.context().createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        parameters.setCipherSuites(Stream.of(engine.getSupportedCipherSuites())
                .filter(TlsPair::good)
                .toArray(String[]::new));
        parameters.setUseCipherSuitesOrder(true);
        parameters.setApplicationProtocols(new String[] {"http/1.1"});
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** Those that hide the past even from whoever gets the key, and notice every change on the way. */
    private static boolean good(String suite) {
        boolean recent = suite.startsWith("TLS_AES_") || suite.startsWith("TLS_CHACHA20_");
        boolean older = suite.startsWith("TLS_ECDHE_") && (suite.contains("_GCM_") || suite.contains("_CHACHA20_"));
        return recent || older;
    }

    /** When the certificate ends that is shown now. */
    Instant end() {
        return current.end();
    }

    /** Takes what is in the files now, if that is something else and can be used. */
    void look(Instant now) {
        looking.lock();
        try {
            byte[] chain = read(certificate);
            byte[] secret = read(key);
            byte[] found = digest(chain, secret);
            if (Arrays.equals(found, seen)) {
                return;
            }
            told = "";
            // Told once about each content: one of the files may be written before the other.
            seen = found;
            if (!Arrays.equals(found, current.digest())) {
                Content next = content(chain, secret);
                if (!next.end().isAfter(now)) {
                    throw new IllegalArgumentException("Expected a certificate in force, found one that ended at " + next.end());
                }
                current = next;
                LOG.log(
                        System.Logger.Level.INFO,
                        "New connections are shown the new certificate of " + certificate + ", good until " + next.end());
            }
        } catch (IllegalArgumentException unusable) {
            String reason = String.valueOf(unusable.getMessage());
            if (!reason.equals(told)) {
                LOG.log(
                        System.Logger.Level.ERROR,
                        "The new certificate cannot be used, the one before stays: " + reason);
            }
            told = reason;
        } finally {
            looking.unlock();
        }
    }

    private static Content content(byte[] chainFile, byte[] keyFile) {
        List<X509Certificate> chain = PemFiles.certificates(new String(chainFile, StandardCharsets.ISO_8859_1));
        PrivateKey key = PemFiles.key(new String(keyFile, StandardCharsets.ISO_8859_1), chain.getFirst().getPublicKey());
        char[] none = new char[0];
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, none);
            store.setKeyEntry("server", key, none, chain.toArray(new X509Certificate[0]));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, none);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return new Content(
                    digest(chainFile, keyFile), context, chain.getFirst().getNotAfter().toInstant());
        } catch (GeneralSecurityException | IOException unfit) {
            throw new IllegalArgumentException(
                    "Expected a certificate that can be used for TLS, found: " + unfit.getMessage(), unfit);
        }
    }

    private static byte[] read(Path file) {
        try {
            if (Files.size(file) > LARGEST_FILE) {
                throw new IllegalArgumentException("Expected a PEM file, found " + file + " to be too large");
            }
            return Files.readAllBytes(file);
        } catch (IOException unreadable) {
            throw new IllegalArgumentException("Expected to read " + file + ", found that this is not possible", unreadable);
        }
    }

    private static byte[] digest(byte[] chain, byte[] secret) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(digest.digest(chain));
            return digest.digest(secret);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("Expected SHA-256, which every Java platform has", missing);
        }
    }

    @Override
    public String toString() {
        return "TlsPair[" + certificate + "]";
    }
}
