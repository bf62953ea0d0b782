package dev.parley.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.bootstrap.settings.Settings;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class PlainFlagsTest {

    @TempDir
    Path data;

    @ParameterizedTest
    @ValueSource(strings = {"serve --port 9999 --data-dir DATA", "--data-dir=DATA --port=9999", "--port=9999 --data-dir DATA"})
    void a_line_that_only_sets_settings_is_read_as_the_library_reads_it(String line) {
        String[] arguments = line.replace("DATA", data.toString()).split(" ");
        CommandLine.ParseResult parsed = Commands.all().parseArgs(arguments);
        CommandLine.ParseResult last = parsed.hasSubcommand() ? parsed.subcommand() : parsed;

        Settings plain = PlainFlags.settings(arguments).orElseThrow();

        assertThat(plain.network().port()).isEqualTo(9999);
        assertThat(plain.shown())
                .isEqualTo(((Settings.Reading.Good) SettingFlags.read(last)).settings().shown());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "token --name Ann",
                "serve --help",
                "--version",
                "--port",
                "--port=",
                "--port --debug",
                "--port 1 --port 2",
                "--port @file",
                "--prot 1",
                "serve serve",
                "--port eighty"
            })
    void everything_else_is_left_to_the_library(String line) {
        assertThat(PlainFlags.settings(line.split(" "))).isEmpty();
    }

    @Test
    void who_says_nothing_serves_as_the_surroundings_say() {
        assertThat(PlainFlags.settings("serve").map(settings -> settings.network().port()))
                .isEqualTo(PlainFlags.settings().map(settings -> settings.network().port()))
                .isPresent();
    }
}
