package dev.parley.adapter.mongo;

import dev.parley.domain.error.CorruptDataException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.Document;

/** Reads fields of documents, and says which is missing where one is. */
final class Docs {
    private Docs() {}

    static String text(Document from, String field) {
        return optionalText(from, field).orElseThrow(() -> missing(field));
    }

    static Optional<String> optionalText(Document from, String field) {
        return from.get(field) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    static long number(Document from, String field) {
        return optionalNumber(from, field).orElseThrow(() -> missing(field));
    }

    static long number(Document from, String field, long otherwise) {
        return optionalNumber(from, field).orElse(otherwise);
    }

    static Optional<Long> optionalNumber(Document from, String field) {
        return from.get(field) instanceof Number number ? Optional.of(number.longValue()) : Optional.empty();
    }

    static boolean truth(Document from, String field) {
        return Boolean.TRUE.equals(from.get(field));
    }

    static Optional<Boolean> optionalTruth(Document from, String field) {
        return from.get(field) instanceof Boolean truth ? Optional.of(truth) : Optional.empty();
    }

    static Instant instant(Document from, String field) {
        return Times.instant(number(from, field));
    }

    static Optional<Instant> optionalInstant(Document from, String field) {
        return optionalNumber(from, field).map(Times::instant);
    }

    static Document document(Document from, String field) {
        return optionalDocument(from, field).orElseThrow(() -> missing(field));
    }

    static Optional<Document> optionalDocument(Document from, String field) {
        return from.get(field) instanceof Document document ? Optional.of(document) : Optional.empty();
    }

    /** The documents of a list; none when there is no list. */
    static List<Document> documents(Document from, String field) {
        return from.get(field) instanceof List<?> list
                ? list.stream().filter(Document.class::isInstance).map(Document.class::cast).toList()
                : List.of();
    }

    /** The texts of a list; none when there is no list. */
    static List<String> texts(Document from, String field) {
        return from.get(field) instanceof List<?> list
                ? list.stream().filter(String.class::isInstance).map(String.class::cast).toList()
                : List.of();
    }

    static void put(Document into, String field, Optional<?> value) {
        value.ifPresent(there -> into.append(field, there));
    }

    /** How large a value is when it is stored, rather more than less. */
    static long weight(Object value) {
        return switch (value) {
            case String text -> 3L * text.length() + 16;
            case Map<?, ?> fields -> fields.entrySet()
                    .stream()
                    .filter(field -> field.getValue() != null)
                    .mapToLong(field -> 16L + weight(field.getValue()))
                    .sum();
            case Collection<?> list -> list.stream().mapToLong(item -> 8L + weight(item)).sum();
            default -> 24;
        };
    }

    private static CorruptDataException missing(String field) {
        return new CorruptDataException("Expected a document with " + field + ", found one without");
    }
}
