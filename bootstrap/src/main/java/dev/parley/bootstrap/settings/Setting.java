package dev.parley.bootstrap.settings;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One thing that can be set: a row of the table from which the reader, the command line, {@code parley config} and
 * {@code docs/settings.md} are made.
 */
public final class Setting<T> {

    private final String name;
    private final Kind<T> kind;
    private final T standard;
    private final String shownStandard;
    private final String sentence;
    private final List<String> otherNames;
    private final boolean secret;

    private Setting(
            String name,
            Kind<T> kind,
            T standard,
            String shownStandard,
            String sentence,
            List<String> otherNames,
            boolean secret) {
        this.name = name;
        this.kind = kind;
        this.standard = standard;
        this.shownStandard = shownStandard;
        this.sentence = sentence;
        this.otherNames = otherNames;
        this.secret = secret;
    }

    /** A setting whose default is written as it would be set. */
    static <T> Setting<T> of(String name, Kind<T> kind, String standard, String sentence) {
        return new Setting<>(name, kind, kind.read(standard), standard, sentence, List.of(), false);
    }

    /** A setting that is empty until it is set. {@code shownStandard} says what then happens */
    static <T> Setting<Optional<T>> absent(String name, Kind<T> kind, String shownStandard, String sentence) {
        Kind<Optional<T>> optional = new Kind<>(kind.expected(), text -> Optional.of(kind.read(text)));
        return new Setting<>(name, optional, Optional.empty(), shownStandard, sentence, List.of(), false);
    }

    Setting<T> alsoCalled(String... names) {
        return new Setting<>(name, kind, standard, shownStandard, sentence, List.of(names), secret);
    }

    Setting<T> secret() {
        return new Setting<>(name, kind, standard, shownStandard, sentence, otherNames, true);
    }

    /** In the environment and in the file: {@code MAX_FRAME_SIZE}. */
    public String name() {
        return name;
    }

    /** On the command line: {@code --max-frame-size}. */
    public String flag() {
        return "--" + name.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Other names under which it is read. */
    public List<String> otherNames() {
        return otherNames;
    }

    /** What it does, in one sentence. */
    public String sentence() {
        return sentence;
    }

    /** What a value must look like, to stand behind "expected". */
    public String expected() {
        return kind.expected();
    }

    /** What holds when nobody sets it. */
    public String standard() {
        return shownStandard;
    }

    /** Whether its value is never to be shown. */
    public boolean isSecret() {
        return secret;
    }

    T standardValue() {
        return standard;
    }

    T read(String text) {
        return kind.read(text);
    }

    @Override
    public String toString() {
        return name;
    }
}
