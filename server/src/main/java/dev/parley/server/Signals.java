package dev.parley.server;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What the system tells the process. The first request to end is passed on, the second ends the process at once.
 *
 * <p>The Java platform has only one interface for it, which is not a public one; where that is missing, a shutdown hook passes
 * the request on and nothing ends it sooner.
 */
final class Signals {
    private Signals() {}

    private static final int ENDED_BY_FORCE = 130;

    static void onFirst(Runnable first) {
        AtomicBoolean told = new AtomicBoolean();
        Runnable react = () -> {
            if (told.compareAndSet(false, true)) {
                first.run();
            } else {
                Runtime.getRuntime().halt(ENDED_BY_FORCE);
            }
        };
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler reaction = (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                    react.run();
                    return null;
                }
                // Of the methods of an object none is asked for but these two.
                return method.getName().equals("hashCode") ? (Object) 0 : false;
            };
            Object listener = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, reaction);
            for (String name : List.of("TERM", "INT")) {
                signal.getMethod("handle", signal, handler)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), listener);
            }
        } catch (ReflectiveOperationException missing) {
            System.getLogger("dev.parley.server")
                    .log(System.Logger.Level.DEBUG, "No signals here, a hook instead", missing);
            Runtime.getRuntime().addShutdownHook(new Thread(first, "parley-shutdown"));
        }
    }
}
