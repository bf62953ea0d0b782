package dev.parley.bootstrap.settings;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where settings are read, first come first served.
 *
 * @param commandLine values by a setting's name
 * @param builder values by a setting's name
 * @param environment everything that is there
 * @param file the file to read; where there is none, {@code PARLEY_CONFIG} of the environment says which
 * @param besideData whether {@code parley.conf} beside the data is read when no file is named and it is there
 */
public record SettingsSources(
        Map<String, String> commandLine,
        Map<String, String> builder,
        Map<String, String> environment,
        Optional<Path> file,
        boolean besideData) {

    /** The variable that names the file. */
    public static final String CONFIG = "PARLEY_CONFIG";

    /** The file's name beside the data. */
    public static final String FILE_NAME = "parley.conf";

    public SettingsSources {
        commandLine = Map.copyOf(commandLine);
        builder = Map.copyOf(builder);
        environment = Map.copyOf(environment);
    }

    /** What a process is started with. */
    public static SettingsSources ofProcess(Map<String, String> commandLine, Optional<Path> file) {
        return new SettingsSources(commandLine, Map.of(), System.getenv(), file, true);
    }

    /** What an embedder says and nothing else. */
    public static SettingsSources ofBuilder(Map<String, String> builder, Optional<Path> file) {
        return new SettingsSources(Map.of(), builder, Map.of(), file, false);
    }
}
