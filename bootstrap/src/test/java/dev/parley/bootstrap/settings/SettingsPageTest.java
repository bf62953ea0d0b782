package dev.parley.bootstrap.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/settings.md} to the table; {@code -Dparley.write=true} writes the page anew. */
class SettingsPageTest {

    private static final String BEGIN = "<!-- table: made from SettingsTable -->\n";
    private static final String END = "<!-- end of the table -->\n";

    @Test
    void the_page_says_what_the_table_says() throws IOException {
        Path page = Path.of("..", "docs", "settings.md").toAbsolutePath().normalize();
        String written = Files.readString(page);
        String expected = written.substring(0, written.indexOf(BEGIN) + BEGIN.length()) + table()
                + written.substring(written.indexOf(END));
        if (Boolean.getBoolean("parley.write")) {
            Files.writeString(page, expected);
            return;
        }
        assertThat(written).as("run this test with -Dparley.write=true to write the page anew").isEqualTo(expected);
    }

    @Test
    void every_setting_of_the_class_is_in_the_list_once() throws IllegalAccessException {
        List<Object> declared = new ArrayList<>();
        for (Field field : SettingsTable.class.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == Setting.class) {
                declared.add(field.get(null));
            }
        }
        assertThat(SettingsTable.ALL).containsExactlyInAnyOrderElementsOf(declared.stream()
                .map(Setting.class::cast)
                .map(setting -> (Setting<?>) setting)
                .collect(Collectors.toList()));
        assertThat(SettingsTable.ALL).extracting(Setting::name).doesNotHaveDuplicates();
    }

    private static String table() {
        StringBuilder table = new StringBuilder("| name | default | what it does |\n|---|---|---|\n");
        for (Setting<?> setting : SettingsTable.ALL) {
            table.append("| `").append(setting.name()).append('`');
            setting.otherNames().forEach(name -> table.append(" or `").append(name).append('`'));
            table.append(" | ").append(setting.standard().isEmpty() ? "empty" : setting.standard());
            table.append(" | ").append(setting.sentence());
            table.append(" Expects ").append(setting.expected()).append('.');
            table.append(" |\n");
        }
        return table.toString();
    }
}
