package dev.parley.adapter.mongo;

import com.mongodb.MongoSocketOpenException;
import com.mongodb.MongoSocketReadException;
import com.mongodb.ServerAddress;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A driver that stops working around a chosen write, as a process that dies or a line that breaks makes it. */
final class FaultyClient {
    /** What happens to the write that is chosen. */
    enum Fault {
        /** It is done, and everything after it fails: the process died. */
        DIES_AFTER,
        /** The first half of it is done, where it has parts, and everything after it fails. */
        DIES_WITHIN,
        /** It is done and nobody is told; everything after it works. */
        ANSWER_LOST,
        /** It never gets there and fails; everything after it works. */
        NEVER_SENT
    }

    private static final Set<String> WRITES = Set.of(
            "insertOne", "insertMany", "updateOne", "updateMany", "replaceOne", "deleteOne", "deleteMany", "bulkWrite",
            "findOneAndUpdate");

    private final MongoClient client;
    private volatile Fault fault = Fault.DIES_AFTER;
    private volatile String watched = "";
    private volatile Runnable beforehand = () -> {};
    private final AtomicInteger until = new AtomicInteger(Integer.MAX_VALUE);

    FaultyClient(MongoClient good) {
        client = wrapped(MongoClient.class, good);
    }

    MongoClient client() {
        return client;
    }

    /** Lets {@code count} writes pass; the next is the chosen one. */
    void arm(Fault what, int count) {
        fault = what;
        until.set(count);
    }

    /** Everything works again; tells whether the chosen write was reached. */
    boolean disarm() {
        return until.getAndSet(Integer.MAX_VALUE) < 0;
    }

    private <T> T wrapped(Class<T> type, Object good) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> call(good, method, arguments)));
    }

    private Object call(Object good, Method method, Object[] arguments) throws Throwable {
        Object result = MongoCollection.class.isAssignableFrom(method.getDeclaringClass()) ? operation(good, method, arguments)
                : invoke(good, method, arguments);
        Class<?> type = method.getReturnType();
        return type == MongoDatabase.class || type == MongoCollection.class ? wrapped(type, result) : result;
    }

    /** Does something once, just before {@code collection} is read the next time. */
    void beforeReading(String collection, Runnable what) {
        beforehand = what;
        watched = collection;
    }

    private Object operation(Object good, Method method, Object[] arguments) throws Throwable {
        boolean read = method.getName().equals("find") || method.getName().equals("aggregate");
        if (read && ((MongoCollection<?>) good).getNamespace().getCollectionName().equals(watched)) {
            watched = "";
            beforehand.run();
        }
        if (read && until.get() < 0 && dies()) {
            throw broken();
        }
        if (!WRITES.contains(method.getName())) {
            return invoke(good, method, arguments);
        }
        int left = until.getAndDecrement();
        if (left < 0 && dies()) {
            throw broken();
        }
        if (left != 0) {
            return invoke(good, method, arguments);
        }
        return switch (fault) {
            case DIES_AFTER -> invoke(good, method, arguments);
            case DIES_WITHIN -> {
                half(good, method, arguments);
                throw broken();
            }
            case ANSWER_LOST -> {
                invoke(good, method, arguments);
                throw broken();
            }
            case NEVER_SENT -> throw new MongoSocketOpenException("on purpose", new ServerAddress());
        };
    }

    private boolean dies() {
        return fault == Fault.DIES_AFTER || fault == Fault.DIES_WITHIN;
    }

    private static void half(Object good, Method method, Object[] arguments) throws Throwable {
        if (arguments[0] instanceof List<?> parts && parts.size() > 1) {
            Object[] fewer = arguments.clone();
            fewer[0] = parts.subList(0, parts.size() / 2);
            invoke(good, method, fewer);
        }
    }

    private static MongoSocketReadException broken() {
        return new MongoSocketReadException("on purpose", new ServerAddress());
    }

    private static Object invoke(Object good, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(good, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }
}
