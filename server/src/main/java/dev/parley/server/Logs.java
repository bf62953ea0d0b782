package dev.parley.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.jul.LevelChangePropagator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import dev.parley.bootstrap.settings.LogLevels;
import dev.parley.bootstrap.settings.Settings;
import dev.parley.bootstrap.settings.SettingsTable.LogFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Binds every log of the process to standard error, as the settings say. */
final class Logs {
    private Logs() {}

    /** Until the settings are known: only what is wrong. */
    static void quiet() {
        configure(Level.WARN, LogFormat.TEXT);
    }

    static void configure(Settings.Operation operation) {
        LogLevels levels = operation.levels();
        LoggerContext context =
                configure(levels.root().map(Logs::level).orElse(Level.INFO), operation.format());
        if (operation.debug()) {
            context.getLogger("dev.parley").setLevel(Level.DEBUG);
        }
        levels.components()
                .forEach((component, level) -> context.getLogger(LogLevels.PACKAGES.get(component)).setLevel(level(level)));
    }

    private static LoggerContext configure(Level root, LogFormat format) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        LevelChangePropagator propagator = new LevelChangePropagator();
        propagator.setContext(context);
        propagator.setResetJUL(true);
        propagator.start();
        context.addListener(propagator);

        LayoutBase<ILoggingEvent> layout = format == LogFormat.JSON ? new JsonLines() : new TextLines();
        layout.setContext(context);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setLayout(layout);
        encoder.start();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setTarget("System.err");
        console.setEncoder(encoder);
        console.start();
        ch.qos.logback.classic.Logger all = context.getLogger(Logger.ROOT_LOGGER_NAME);
        all.setLevel(root);
        all.addAppender(console);
        // What the network libraries say at info is of no use to anybody who runs a server.
        context.getLogger("org.glassfish").setLevel(Level.WARN);
        // What the clients of databases tell, with traces, of a server that is away, the adapters say in one line.
        context.getLogger("org.mongodb.driver").setLevel(Level.ERROR);
        context.getLogger("redis.clients.jedis").setLevel(Level.ERROR);
        // Tells of every client that leaves in the middle of an answer, with a trace.
        context.getLogger("org.glassfish.jersey.server.ServerRuntime$Responder").setLevel(Level.OFF);
        // Says of every resource that it is no provider.
        context.getLogger("org.glassfish.jersey.internal.inject.Providers").setLevel(Level.ERROR);

        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        return context;
    }

    /** The component that a logger belongs to, else the last part of its name. */
    static String component(String logger) {
        Optional<String> known = LogLevels.PACKAGES.entrySet()
                .stream()
                .filter(entry -> entry.getValue().startsWith("dev.parley") && logger.startsWith(entry.getValue()))
                .map(java.util.Map.Entry::getKey)
                .findFirst();
        return known.orElseGet(() -> logger.substring(logger.lastIndexOf('.') + 1));
    }

    private static Level level(System.Logger.Level level) {
        return switch (level) {
            case OFF -> Level.OFF;
            case ERROR -> Level.ERROR;
            case WARNING -> Level.WARN;
            case INFO -> Level.INFO;
            case DEBUG -> Level.DEBUG;
            case TRACE, ALL -> Level.TRACE;
        };
    }
}
