package dev.parley.testkit.file;

import dev.parley.domain.attachment.FileContent;
import dev.parley.domain.attachment.VirusScanner;
import dev.parley.domain.error.ChatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A scanner for tests: it knows one virus, the {@linkplain Bytes#eicar() test file}, and can be away. */
public final class ScriptedScanner implements VirusScanner {
    private final AtomicBoolean away = new AtomicBoolean();
    private final AtomicInteger scans = new AtomicInteger();

    /** From now on nobody is there, or somebody is again. */
    public ScriptedScanner away(boolean now) {
        away.set(now);
        return this;
    }

    /** How many files it was asked about. */
    public int scans() {
        return scans.get();
    }

    @Override
    public Scan scan(FileContent content) {
        scans.incrementAndGet();
        if (away.get()) {
            return new Scan.Unscannable("Expected a scanner, found nobody there");
        }
        String virus = new String(Bytes.eicar().all(), StandardCharsets.ISO_8859_1);
        try (InputStream in = content.open()) {
            String all = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            return all.contains(virus) ? new Scan.Infected("Eicar-Test-Signature") : new Scan.Clean();
        } catch (IOException | ChatException unreadable) {
            return new Scan.Unscannable("Expected to read the file to its end");
        }
    }
}
