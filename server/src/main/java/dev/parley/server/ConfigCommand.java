package dev.parley.server;

import dev.parley.bootstrap.settings.Settings;
import dev.parley.bootstrap.settings.Shown;
import java.util.List;
import picocli.CommandLine.Command;

/** Lists every setting. */
@Command(
        name = "config",
        mixinStandardHelpOptions = true,
        description = "Lists every setting with its value, where that comes from, and its default; secrets are masked.")
final class ConfigCommand extends ParleyCommand {

    private static final String[] HEAD = {"NAME", "VALUE", "SOURCE", "DEFAULT"};

    @Override
    ExitCode run(Settings settings) {
        print(settings.shown());
        return ExitCode.OK;
    }

    @Override
    ExitCode faulty(Settings.Reading.Faulty faulty) {
        print(faulty.shown());
        return super.faulty(faulty);
    }

    private void print(List<Shown> settings) {
        List<String[]> rows = new java.util.ArrayList<>();
        rows.add(HEAD);
        settings.forEach(setting -> rows
                .add(new String[] {setting.name(), setting.value(), setting.source().toString(), setting.standard()}));
        int[] widths = new int[HEAD.length];
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.length - 1; i++) {
                line.append(row[i]).append(" ".repeat(widths[i] - row[i].length() + 2));
            }
            out().println(line.append(row[row.length - 1]).toString().stripTrailing());
        }
    }
}
