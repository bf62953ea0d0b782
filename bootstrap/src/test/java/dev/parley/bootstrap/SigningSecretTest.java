package dev.parley.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.domain.error.CorruptDataException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningSecretTest {

    @TempDir
    Path folder;

    @Test
    void it_is_made_once_for_its_owner_alone() throws Exception {
        String secret = SigningSecret.of(folder);

        assertThat(secret).hasSizeGreaterThanOrEqualTo(64).isEqualTo(SigningSecret.of(folder));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("signing-secret"))))
                .isEqualTo("rw-------");
        try (var files = Files.list(folder)) {
            assertThat(files).as("nothing is left over").hasSize(1);
        }
    }

    @Test
    void those_who_come_at_once_get_the_same() throws Exception {
        try (var threads = Executors.newFixedThreadPool(8)) {
            List<Callable<String>> asks =
                    IntStream.range(0, 32).<Callable<String>>mapToObj(i -> () -> SigningSecret.of(folder)).toList();
            List<String> secrets = threads.invokeAll(asks).stream().map(Future::resultNow).toList();
            assertThat(secrets).containsOnly(secrets.getFirst());
        }
    }

    @Test
    void what_is_no_secret_is_not_taken_for_one() throws Exception {
        Files.writeString(folder.resolve("signing-secret"), "short");

        assertThatThrownBy(() -> SigningSecret.of(folder))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining("Remove the file");
    }
}
