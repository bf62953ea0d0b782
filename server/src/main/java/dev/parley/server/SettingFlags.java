package dev.parley.server;

import dev.parley.bootstrap.settings.Setting;
import dev.parley.bootstrap.settings.Settings;
import dev.parley.bootstrap.settings.SettingsSources;
import dev.parley.bootstrap.settings.SettingsTable;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The settings as flags of a command: made from the table, so that there is one for each. */
final class SettingFlags {
    private SettingFlags() {}

    static final String CONFIG = "--config";

    /** Gives {@code command} a flag for each setting; they are not listed in its help, since {@code config} lists them better. */
    static void addTo(CommandSpec command) {
        command.addOption(OptionSpec.builder(CONFIG)
                .type(String.class)
                .paramLabel("FILE")
                .description("The settings file, in place of " + SettingsSources.CONFIG + " and of parley.conf beside the data.")
                .build());
        for (Setting<?> setting : SettingsTable.ALL) {
            command.addOption(OptionSpec.builder(setting.flag())
                    .type(String.class)
                    .paramLabel("VALUE")
                    .hidden(true)
                    .description(setting.sentence())
                    .build());
        }
        command.usageMessage()
                .footer("",
                        "Every setting is a flag too, PORT is --port: `parley config` lists them, docs/settings.md explains them.");
    }

    /** Everything that is set for a command that was parsed. */
    static Settings.Reading read(CommandLine.ParseResult parsed) {
        Map<String, String> values = new LinkedHashMap<>();
        for (Setting<?> setting : SettingsTable.ALL) {
            String value = parsed.matchedOptionValue(setting.flag(), (String) null);
            if (value != null) {
                values.put(setting.name(), value);
            }
        }
        Optional<Path> file = Optional.ofNullable(parsed.matchedOptionValue(CONFIG, (String) null)).map(Path::of);
        return Settings.read(SettingsSources.ofProcess(values, file));
    }
}
