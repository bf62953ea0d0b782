package dev.parley.adapter.mongo;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoCommandException;
import com.mongodb.MongoConnectionPoolClearedException;
import com.mongodb.MongoException;
import com.mongodb.MongoIncompatibleDriverException;
import com.mongodb.MongoInterruptedException;
import com.mongodb.MongoNodeIsRecoveringException;
import com.mongodb.MongoNotPrimaryException;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoServerUnavailableException;
import com.mongodb.MongoSocketException;
import com.mongodb.MongoTimeoutException;
import com.mongodb.MongoWriteConcernException;
import com.mongodb.MongoWriteException;
import com.mongodb.bulk.BulkWriteError;
import dev.parley.domain.error.ChatException;
import dev.parley.domain.error.UnavailableException;
import org.bson.BsonMaximumSizeExceededException;

/** Says what a failure of MongoDB means and what to do about it; nothing of the driver's leaves this module. */
final class Faults {
    private static final int UNAUTHORIZED = 13;
    private static final int DUPLICATE = 11_000;
    private static final int NO_ROOM = 14_031;

    private Faults() {}

    static RuntimeException translated(RuntimeException fault) {
        if (fault instanceof ChatException) {
            return fault;
        }
        if (fault instanceof BsonMaximumSizeExceededException) {
            return new IllegalArgumentException("Expected what fits into 16 MB, the most that MongoDB keeps in one piece", fault);
        }
        return new UnavailableException("Expected to use MongoDB, found: " + reason(fault), fault);
    }

    /** What is wrong, for an operator. */
    static String reason(RuntimeException fault) {
        return switch (fault) {
            case MongoIncompatibleDriverException old -> "a server of a version that is not supported. Use MongoDB "
                    + Schema.OLDEST_SERVER + " or newer";
            case MongoSecurityException refused -> "it refuses the user or the password of MONGODB_URI."
                    + " A user that was made in another database needs ?authSource= with its name";
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

    /** Whether every other call would fail as well, since there is no server or it serves nobody. */
    static boolean away(MongoException fault) {
        return fault instanceof MongoTimeoutException
                || fault instanceof MongoSocketException
                || fault instanceof MongoSecurityException
                || fault instanceof MongoNotPrimaryException
                || fault instanceof MongoNodeIsRecoveringException
                || fault instanceof MongoServerUnavailableException
                || fault instanceof MongoConnectionPoolClearedException
                || fault instanceof MongoWriteConcernException
                || fault instanceof MongoIncompatibleDriverException;
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
