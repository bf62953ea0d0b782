package dev.parley.protocols.admission;

import dev.parley.domain.session.IpAddress;
import java.util.Optional;

/**
 * The addresses that begin alike.
 *
 * @param prefix how many bits are the same
 */
record Network(IpAddress start, int prefix) {

    /** {@code 10.0.0.0/8}, {@code fd00::/8} or a single address. */
    static Network of(String text) {
        int slash = text.indexOf('/');
        IpAddress start = IpAddress.parse(slash < 0 ? text.strip() : text.substring(0, slash).strip())
                .orElseThrow(() -> new IllegalArgumentException("Expected a network such as 10.0.0.0/8, found " + text));
        int prefix = slash < 0 ? start.bits() : prefix(text.substring(slash + 1).strip());
        if (prefix < 0 || prefix > start.bits()) {
            throw new IllegalArgumentException("Expected a prefix of 0 to " + start.bits() + " bits, found " + text);
        }
        return new Network(start, prefix);
    }

    private static int prefix(String digits) {
        return digits.matches("[0-9]{1,3}") ? Integer.parseInt(digits) : -1;
    }

    boolean holds(IpAddress address) {
        return start.beginsLike(address, prefix);
    }

    /** The address that a proxy wrote, with or without a port and brackets, in one spelling. */
    static Optional<String> address(String node) {
        String text = node.strip();
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            text = end < 0 ? "" : text.substring(1, end);
        } else if (text.indexOf(':') >= 0 && text.indexOf(':') == text.lastIndexOf(':')) {
            text = text.substring(0, text.indexOf(':'));
        }
        return IpAddress.parse(text).map(IpAddress::toString);
    }
}
