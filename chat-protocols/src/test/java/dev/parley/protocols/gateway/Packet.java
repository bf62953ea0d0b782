package dev.parley.protocols.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocols.chat.Plain;
import dev.parley.testkit.transcript.Shape;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A packet of Socket.IO in a transcript: what stands before the JSON, and the JSON as plain maps and lists. */
record Packet(String head, Object body) {

    private static final Pattern PARTS = Pattern.compile("(4\\d(?:/[^,]*,)?\\d*)([\\[{].*)?", Pattern.DOTALL);
    private static final Pattern SECRETS = Pattern.compile("(\"(?:sid|pid|socketId)\":)\"[^\"]*\"");
    private static final String VALUE = "value";

    static Packet of(String text) {
        Matcher parts = PARTS.matcher(text);
        assertThat(parts.matches()).as(text).isTrue();
        String json = parts.group(2);
        return new Packet(parts.group(1), json == null ? "" : json(json));
    }

    /** Any JSON value. */
    static Object json(String json) {
        return ((Map<?, ?>) Plain.read("{\"" + VALUE + "\":" + json + "}")).get(VALUE);
    }

    /** Without what differs each time. */
    static String shown(String text) {
        return SECRETS.matcher(text).replaceAll("$1\"*\"");
    }

    List<String> differences(Packet found) {
        return head.equals(found.head) ? Shape.differences(body, found.body) : List.of(head + " is not " + found.head);
    }

    /** An event without the offset behind it, and the object that an acknowledgement holds. */
    Object content() {
        if (!(body instanceof List<?> list)) {
            return body;
        }
        boolean event = list.size() > 2 && list.getFirst() instanceof String && list.getLast() instanceof String;
        return event ? list.subList(0, 2) : list.size() == 1 && list.getFirst() instanceof Map<?, ?> answer ? answer : list;
    }
}
