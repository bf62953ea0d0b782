package dev.parley.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.Sha256;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.AttachmentStore;
import dev.parley.domain.store.BlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/** Files on their way into a room of an engine whose stores can be come before. */
abstract class Uploading {

    static final SessionId ROOM = new SessionId(Person.ROOM);
    static final String TEXT = "The quick brown fox.";

    Stage stage = Stage.open();

    @AfterEach
    final void close() {
        stage.close();
    }

    final void open(UploadSettings uploads) {
        stage.close();
        stage = Stage.open(rules -> rules.uploads = uploads);
    }

    /** What happens before a method of a store of files is called. */
    @FunctionalInterface
    interface Before {
        void call(String method, Object store);
    }

    /** Over stores of files that {@code before} comes before. */
    final Stage over(Before before) {
        stage.close();
        stage = Stage.open(rules -> {},
                p -> new Ports(p.sessions(), p.messages(), p.replies(), p.revocations(), p.audit(), p.topics(),
                        new FilePorts(
                                twin(AttachmentStore.class, p.files().facts(), before),
                                twin(BlobStore.class, p.files().bytes(), before),
                                p.files().inspector(),
                                p.files().scanner()),
                        p.streams(), p.bus(), p.presence(), p.limiter(), p.leases(), p.connections(), p.llm(), p.models(),
                        p.projects(), p.telemetry(), p.ids(), p.timers(), p.clock()));
        return stage;
    }

    private static <T> T twin(Class<T> port, T store, Before before) {
        return port.cast(Proxy.newProxyInstance(port.getClassLoader(), new Class<?>[] {port}, (proxy, method, arguments) -> {
            before.call(method.getName(), store);
            try {
                return method.invoke(store, arguments);
            } catch (InvocationTargetException failed) {
                throw failed.getCause();
            }
        }));
    }

    static UploadSettings bounds(long maxFile, int maxChunk, long quota) {
        return new UploadSettings(
                maxFile, maxChunk, quota, Optional.empty(), Duration.ofHours(24), Duration.ofHours(24));
    }

    static Command.BeginUpload begin(String id, String name, long size) {
        return new Command.BeginUpload(
                Optional.of(new AttachmentId(id)), Optional.of(ROOM), name, "text/plain", size, true);
    }

    static Command.AddChunk chunk(String id, int index, String text) {
        return new Command.AddChunk(
                new AttachmentId(id), index, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    static Command.FinishUpload finish(String id) {
        return new Command.FinishUpload(new AttachmentId(id), Optional.empty(), Optional.empty());
    }

    static Command.FinishUpload finish(String id, String content) {
        Sha256 hash = Sha256.of(content.getBytes(StandardCharsets.UTF_8));
        return new Command.FinishUpload(new AttachmentId(id), Optional.of(hash), Optional.empty());
    }

    static Attachment uploads(Person who, String id, String name, String content) {
        Stage.done(who.does(begin(id, name, content.getBytes(StandardCharsets.UTF_8).length)));
        Stage.done(who.does(chunk(id, 0, content)));
        return Stage.done(who.does(finish(id, content))).attachment();
    }

    static String read(Command.OpenedFile file) {
        try (InputStream in = file.content().open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    static ErrorCode refusal(Outcome<?> outcome) {
        return Stage.code(outcome);
    }

    final void assertNothingLeft(String id) {
        assertThat(stage.store.attachments().upload(new AttachmentId(id))).isEmpty();
        assertThat(stage.store.attachments().find(new AttachmentId(id))).isEmpty();
        assertThat(stage.blobs.pieces(new AttachmentId(id))).isEmpty();
    }
}
