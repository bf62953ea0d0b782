package dev.parley.adapter.mongo;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.MongoIncompatibleDriverException;
import com.mongodb.MongoInterruptedException;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoTimeoutException;
import com.mongodb.MongoWriteException;
import com.mongodb.bulk.BulkWriteError;
import dev.parley.domain.error.ChatException;
import dev.parley.domain.error.UnavailableException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.bson.BsonMaximumSizeExceededException;

/** Says what a failure of MongoDB means and what to do about it; nothing of the driver's leaves this module. */
final class Faults {
    private static final int UNAUTHORIZED = 13;
    private static final int DUPLICATE = 11_000;
    private static final int NO_ROOM = 14_031;

    private Faults() {}

    /**
     * Runs {@code call} to its end, whatever interrupts the caller meanwhile: a write that was broken off would be one of which
     * nobody knows whether it happened.
     */
    static <T> T guarded(Supplier<T> call) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Thread.ofVirtual().name("parley-mongo").start(() -> run(call, answer));
        try {
            return answer.join();
        } catch (CompletionException failed) {
            throw asThrown(failed);
        }
    }

    @SuppressWarnings("IllegalCatch")
    private static <T> void run(Supplier<T> call, CompletableFuture<T> answer) {
        try {
            answer.complete(call.get());
        } catch (MongoException | BsonMaximumSizeExceededException fault) {
            answer.completeExceptionally(translated(fault));
        } catch (Throwable thrown) { // whatever a work throws is its caller's
            answer.completeExceptionally(thrown);
        }
    }

    private static RuntimeException asThrown(CompletionException failed) {
        return switch (failed.getCause()) {
            case RuntimeException thrown -> thrown;
            case Error error -> throw error;
            case null, default -> failed;
        };
    }

    static RuntimeException translated(RuntimeException fault) {
        if (fault instanceof ChatException) {
            return fault;
        }
        if (fault instanceof BsonMaximumSizeExceededException) {
            return new IllegalArgumentException("Expected what fits into 16 MB, the most that MongoDB keeps in one piece", fault);
        }
        return new UnavailableException("Expected to use MongoDB, found: " + reason(fault), fault);
    }

    private static String reason(RuntimeException fault) {
        return switch (fault) {
            case MongoIncompatibleDriverException old -> "a server of a version that is not supported. Use MongoDB "
                    + Schema.OLDEST_SERVER + " or newer";
            case MongoSecurityException refused -> "it refuses the user or the password of MONGODB_URI";
            case MongoTimeoutException away ->
                    "no server answers that can be written to. Look whether it runs, and at MONGODB_URI";
            case MongoInterruptedException interrupted -> "the wait for it was interrupted";
            case MongoCommandException command when command.getErrorCode() == UNAUTHORIZED ->
                    "the user of MONGODB_URI may not do this. Grant it readWrite on the database";
            case MongoCommandException command when command.getErrorCode() == NO_ROOM ->
                    "no room is left on its disk";
            case MongoCommandException command -> "it answers with error " + command.getErrorCode();
            case MongoWriteException write -> "it refuses a write with error " + write.getCode();
            default -> "it does not answer as it should (" + fault.getClass().getSimpleName() + ")";
        };
    }

    /** Whether a write failed only because what it would have added is there. */
    static boolean duplicate(MongoException fault) {
        return switch (fault) {
            case MongoBulkWriteException bulk -> bulk.getWriteConcernError() == null
                    && bulk.getWriteErrors()
                            .stream()
                            .map(BulkWriteError::getCategory)
                            .allMatch(ErrorCategory.DUPLICATE_KEY::equals);
            case MongoWriteException write -> write.getError().getCategory() == ErrorCategory.DUPLICATE_KEY;
            default -> fault.getCode() == DUPLICATE;
        };
    }

    /** Whether nobody can tell if the write that failed so was done. */
    static boolean ambiguous(MongoException fault) {
        return !(fault instanceof MongoTimeoutException
                || fault instanceof MongoSecurityException
                || fault instanceof MongoWriteException
                || fault instanceof MongoIncompatibleDriverException);
    }
}
