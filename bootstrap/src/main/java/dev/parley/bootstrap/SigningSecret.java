package dev.parley.bootstrap;

import dev.parley.domain.error.CorruptDataException;
import dev.parley.domain.error.UnavailableException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/** The secret that signs tokens when nobody gave one: made once, kept in the data folder, readable for its owner alone. */
final class SigningSecret {
    private SigningSecret() {}

    private static final String FILE = "signing-secret";
    private static final int BYTES = 48;
    private static final int FEWEST_CHARACTERS = 32;

    /**
     * Reads the secret of {@code folder}, makes one if there is none. Two processes that do so at once get the same.
     *
     * @throws UnavailableException when the folder cannot be written
     * @throws CorruptDataException when what is there cannot be a secret
     */
    static String of(Path folder) {
        Path file = folder.resolve(FILE);
        try {
            PrivateFolder.make(folder);
            if (Files.notExists(file)) {
                make(folder, file);
            }
            String secret = Files.readString(file).strip();
            if (secret.length() < FEWEST_CHARACTERS) {
                throw new CorruptDataException("Expected a signing secret of at least " + FEWEST_CHARACTERS
                        + " characters in " + file + ", found " + secret.length()
                        + ". Remove the file to have a new one made; tokens made before are void then.");
            }
            return secret;
        } catch (IOException unusable) {
            throw new UnavailableException(
                    "Expected to keep the signing secret in " + file + ", found: " + unusable
                            + ". Make the data folder writable for this user.",
                    unusable);
        }
    }

    private static void make(Path folder, Path file) throws IOException {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        Path aside = Files.createTempFile(folder, FILE, ".new", forOwner(folder));
        try {
            Files.writeString(aside, Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n");
            try {
                // A link appears whole or not at all, and never in place of another's.
                Files.createLink(file, aside);
            } catch (UnsupportedOperationException noLinks) {
                Files.move(aside, file);
            }
        } catch (FileAlreadyExistsException another) {
            System.getLogger(SigningSecret.class.getName())
                    .log(System.Logger.Level.DEBUG, "Another process made the secret", another);
        } finally {
            Files.deleteIfExists(aside);
        }
    }

    private static FileAttribute<?>[] forOwner(Path folder) {
        boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
