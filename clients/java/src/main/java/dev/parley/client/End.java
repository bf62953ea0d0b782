package dev.parley.client;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * Why a transport ended.
 *
 * @param code the close code, where there was one
 * @param error what the server answered instead
 * @param unreachable no HTTP answer came at all
 */
record End(OptionalInt code, String reason, Optional<ParleyException> error, boolean unreachable) {

    static End because(String reason) {
        return new End(OptionalInt.empty(), reason, Optional.empty(), false);
    }

    static End closed(int code, String reason) {
        return new End(OptionalInt.of(code), reason, Optional.empty(), false);
    }

    static End refused(ParleyException error) {
        return new End(OptionalInt.empty(), error.getMessage() == null ? "" : error.getMessage(), Optional.of(error), false);
    }

    static End absent(String reason) {
        return new End(OptionalInt.empty(), reason, Optional.empty(), true);
    }
}
