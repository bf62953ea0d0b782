package dev.parley.domain.message;

import dev.parley.domain.error.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a message that a model wrote.
 *
 * @param question the message it answers
 * @param error why it failed, when it did
 * @param model the model that wrote it, empty until one was chosen
 * @param fallback whether another model was asked for and this one stood in
 * @param tokens how many tokens the model says it wrote
 * @param processingTime from the start of the run to its end
 * @param timeToFirstToken from the start of the run to the first text
 * @param versions earlier replies to the same question, oldest first
 * @param supersededBy the reply that took this one's place
 */
public record ReplyFacts(
        MessageId question,
        ReplyStatus status,
        Optional<ErrorCode> error,
        String model,
        boolean fallback,
        Optional<Integer> tokens,
        Optional<Duration> processingTime,
        Optional<Duration> timeToFirstToken,
        List<MessageId> versions,
        Optional<MessageId> supersededBy) {

    public ReplyFacts {
        versions = List.copyOf(versions);
    }

    /** Of a reply that has been asked for and has not begun. */
    public static ReplyFacts requested(MessageId question, List<MessageId> versions) {
        return new ReplyFacts(
                question,
                ReplyStatus.RUNNING,
                Optional.empty(),
                "",
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                versions,
                Optional.empty());
    }

    public ReplyFacts supersededBy(MessageId newer) {
        return new ReplyFacts(
                question,
                status,
                error,
                model,
                fallback,
                tokens,
                processingTime,
                timeToFirstToken,
                versions,
                Optional.of(newer));
    }
}
