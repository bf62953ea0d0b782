package dev.parley.client;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A frame or a part of one, by the names of the protocol. Fields that are missing, null or of another kind than asked for are empty.
 *
 * @param fields texts, numbers, truths, lists and maps
 */
public record Frame(Map<String, Object> fields) {

    static Optional<Frame> of(Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            return Optional.empty();
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        map.forEach((name, field) -> fields.put(String.valueOf(name), field));
        return Optional.of(new Frame(fields));
    }

    /** What kind of frame it is; empty text where it does not say. */
    public String type() {
        return text("type").orElse("");
    }

    public Optional<String> text(String name) {
        return field(name).filter(String.class::isInstance).map(String.class::cast);
    }

    public Optional<Double> number(String name) {
        return field(name).filter(Number.class::isInstance).map(value -> ((Number) value).doubleValue());
    }

    /** A whole number. */
    public Optional<Long> whole(String name) {
        return field(name).filter(Long.class::isInstance).map(Long.class::cast);
    }

    /** Whether the field says so; false where it does not say. */
    public boolean truth(String name) {
        return field(name).filter(Boolean.TRUE::equals).isPresent();
    }

    public Optional<Frame> part(String name) {
        return field(name).flatMap(Frame::of);
    }

    /** The objects of a list; what is none is left out. */
    public List<Frame> parts(String name) {
        return items(name).stream().flatMap(item -> of(item).stream()).toList();
    }

    /** The texts of a list; what is none is left out. */
    public List<String> texts(String name) {
        return items(name).stream().filter(String.class::isInstance).map(String.class::cast).toList();
    }

    private List<?> items(String name) {
        return field(name).map(value -> value instanceof List<?> list ? list : List.of()).orElseGet(List::of);
    }

    private Optional<Object> field(String name) {
        return Optional.ofNullable(fields.get(name));
    }

    Frame with(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(fields);
        more.put(name, value);
        return new Frame(more);
    }

    Frame with(String name, Optional<?> value) {
        return value.isPresent() ? with(name, (Object) value.get()) : this;
    }

    static Frame ofType(String type) {
        return new Frame(Map.of("type", type));
    }
}
