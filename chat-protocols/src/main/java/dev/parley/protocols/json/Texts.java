package dev.parley.protocols.json;

import dev.parley.domain.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Short texts for people, in the languages there are: English and Brazilian Portuguese. Immutable. */
public final class Texts {

    /** A language there are texts in. */
    public enum Language {
        ENGLISH("en", "texts.properties"),
        PORTUGUESE("pt-BR", "texts_pt_BR.properties");

        private static final int MOST_RANGES = 20;

        private final String tag;
        private final String resource;

        Language(String tag, String resource) {
            this.tag = tag;
            this.resource = resource;
        }

        public String tag() {
            return tag;
        }

        /** The languages that an {@code Accept-Language} header names, best first; what it refuses is left out. */
        public static List<String> accepted(String header) {
            List<Weighted> weighted = new ArrayList<>();
            for (String range : header.split(",", MOST_RANGES)) {
                String[] parts = range.split(";", 2);
                String tag = parts[0].strip();
                double weight = parts.length > 1 ? weight(parts[1].strip()) : 1;
                if (!tag.isEmpty() && !tag.equals("*") && weight > 0) {
                    weighted.add(new Weighted(tag, weight));
                }
            }
            weighted.sort(Comparator.comparingDouble(Weighted::weight).reversed());
            return weighted.stream().map(Weighted::tag).toList();
        }

        private record Weighted(String tag, double weight) {}

        private static double weight(String parameter) {
            try {
                return parameter.startsWith("q=") ? Double.parseDouble(parameter.substring(2)) : 1;
            } catch (NumberFormatException broken) {
                return 0;
            }
        }

        /** The first of the given language tags that there are texts in, else English. */
        public static Language preferred(List<String> tags) {
            return preferred(tags, ENGLISH);
        }

        /** The first of the given language tags that there are texts in, else {@code otherwise}. */
        public static Language preferred(List<String> tags, Language otherwise) {
            for (String tag : tags) {
                String lower = tag.toLowerCase(Locale.ROOT);
                if (lower.equals("pt") || lower.startsWith("pt-") || lower.startsWith("pt_")) {
                    return PORTUGUESE;
                }
                if (lower.equals("en") || lower.startsWith("en-") || lower.startsWith("en_")) {
                    return ENGLISH;
                }
            }
            return otherwise;
        }
    }

    private static final Pattern BRACES = Pattern.compile("\\{(\\d)}");

    private final Map<Language, Map<ErrorCode, String>> errors = new EnumMap<>(Language.class);
    private final Map<Language, Map<Phrase, String>> phrases = new EnumMap<>(Language.class);

    private Texts() {
        for (Language language : Language.values()) {
            Properties properties = load(language);
            errors.put(language, texts(ErrorCode.class, properties, language));
            phrases.put(language, texts(Phrase.class, properties, language));
        }
    }

    private static <E extends Enum<E>> Map<E, String> texts(Class<E> keys, Properties properties, Language language) {
        Map<E, String> texts = new EnumMap<>(keys);
        for (E key : keys.getEnumConstants()) {
            String text = properties.getProperty(key.name());
            if (text == null) {
                throw new IllegalStateException("Expected a text for " + key + " in " + language.resource);
            }
            texts.put(key, text);
        }
        return texts;
    }

    /** The texts that come with this library. */
    public static Texts load() {
        return new Texts();
    }

    /** What went wrong, in a sentence without a full stop. */
    public String error(ErrorCode code, Language language) {
        return text(errors.get(language), code);
    }

    /** The text with {@code values} in the place of its braces, as they are. */
    public String phrase(Phrase phrase, Language language, String... values) {
        String text = text(phrases.get(language), phrase);
        if (values.length == 0) {
            return text;
        }
        return BRACES.matcher(text).replaceAll(found -> {
            int index = Integer.parseInt(found.group(1));
            return Matcher.quoteReplacement(index < values.length ? values[index] : found.group());
        });
    }

    private static <E extends Enum<E>> String text(@Nullable Map<E, String> texts, E key) {
        String text = texts == null ? null : texts.get(key);
        return text == null ? key.name() : text;
    }

    private static Properties load(Language language) {
        Properties properties = new Properties();
        try (InputStream bytes = Texts.class.getResourceAsStream(language.resource)) {
            if (bytes == null) {
                throw new IllegalStateException("Expected the resource " + language.resource + ", found none");
            }
            try (Reader characters = new InputStreamReader(bytes, StandardCharsets.UTF_8)) {
                properties.load(characters);
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return properties;
    }
}
