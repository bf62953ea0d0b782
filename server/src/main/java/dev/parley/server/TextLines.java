package dev.parley.server;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;

/** {@code time level component message}, where messages begin with the ids of what they are about, then the trace of what was thrown, if something was. */
final class TextLines extends LayoutBase<ILoggingEvent> {

    private final ThrowableProxyConverter traces = new ThrowableProxyConverter();

    @Override
    public void start() {
        traces.start();
        super.start();
    }

    @Override
    public String doLayout(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(160);
        line.append(Instant.ofEpochMilli(event.getTimeStamp())).append(' ');
        line.append(String.format("%-5s %-9s ", event.getLevel(), Logs.component(event.getLoggerName())));
        // One event is one line, whatever was in the message.
        line.append(event.getFormattedMessage().replace("\r", "\\r").replace("\n", "\\n")).append('\n');
        return line.append(traces.convert(event)).toString();
    }
}
