package dev.parley.testkit.wire;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate that the JDK's own tool made for localhost, and its key.
 *
 * @param key of an algorithm that suits the certificate
 */
public record SelfSigned(X509Certificate certificate, PrivateKey key) {

    private static final char[] PASSWORD = "changeit".toCharArray();

    /** {@code more} what the tool is told beside the usual, such as {@code -keyalg RSA} */
    public static SelfSigned make(Path folder, String... more)
            throws IOException, GeneralSecurityException, InterruptedException {
        Path store = Files.createTempFile(folder, "pair", ".p12");
        Files.delete(store);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC",
                "-genkeypair", "-alias", "server", "-dname", "CN=localhost", "-ext", "san=dns:localhost,ip:127.0.0.1",
                "-storetype", "PKCS12", "-storepass", new String(PASSWORD), "-keystore", store.toString()));
        command.addAll(List.of(more));
        Process tool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(tool.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (tool.waitFor() != 0) {
            throw new IOException(said);
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        return new SelfSigned((X509Certificate) keys.getCertificate("server"), (PrivateKey) keys.getKey("server", PASSWORD));
    }

    public static SelfSigned elliptic(Path folder) throws IOException, GeneralSecurityException, InterruptedException {
        return make(folder, "-keyalg", "EC", "-groupname", "secp256r1");
    }

    public void write(Path certificateFile, Path keyFile) throws IOException, GeneralSecurityException {
        Files.writeString(certificateFile, certificatePem());
        Files.writeString(keyFile, keyPem());
    }

    public String certificatePem() throws GeneralSecurityException {
        return pem("CERTIFICATE", certificate.getEncoded());
    }

    public String keyPem() {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    /** As OpenSSL wrote keys before: what stands inside of the newer form. */
    public String olderKeyPem() {
        byte[] whole = key.getEncoded();
        int at = content(whole, 0);
        at = end(whole, at);
        at = end(whole, at);
        int inside = content(whole, at);
        return pem(key.getAlgorithm() + " PRIVATE KEY", Arrays.copyOfRange(whole, inside, end(whole, at)));
    }

    private static int content(byte[] der, int at) {
        return at + 2 + ((der[at + 1] & 0x80) == 0 ? 0 : der[at + 1] & 0x7f);
    }

    private static int end(byte[] der, int at) {
        int length = der[at + 1] & 0x7f;
        if ((der[at + 1] & 0x80) != 0) {
            int bytes = length;
            length = 0;
            for (int i = 0; i < bytes; i++) {
                length = length << 8 | der[at + 2 + i] & 0xff;
            }
        }
        return content(der, at) + length;
    }

    public static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END " + label + "-----\n";
    }

    /** What a client needs that trusts these and nobody else. */
    public static SSLContext trusting(SelfSigned... pairs) throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, PASSWORD);
        for (int i = 0; i < pairs.length; i++) {
            trusted.setCertificateEntry("pair-" + i, pairs[i].certificate());
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
