package dev.parley.adapter.mongo;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import dev.parley.domain.access.AuditTrail;
import dev.parley.domain.access.Revocations;
import dev.parley.domain.store.AttachmentStore;
import dev.parley.domain.store.MessageStore;
import dev.parley.domain.store.ReplyStore;
import dev.parley.domain.store.SessionStore;
import dev.parley.domain.topic.TopicLog;
import dev.parley.testkit.store.DurableFixture;
import dev.parley.testkit.store.DurableStores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bson.types.ObjectId;

/** A database of its own on the server of all tests. */
final class MongoFixture implements DurableFixture {
    private final MongoSettings settings;
    private final List<MongoAdapter> open = new ArrayList<>();

    MongoFixture() {
        MongoSettings defaults = MongoSettings.of(MongoPeer.uri());
        settings = new MongoSettings(
                defaults.uri(), "test-" + new ObjectId().toHexString(), Duration.ofSeconds(20), Duration.ofSeconds(60), 100);
    }

    MongoSettings settings() {
        return settings;
    }

    MongoAdapter connect() {
        MongoAdapter adapter = MongoAdapter.connect(settings);
        open.add(adapter);
        return adapter;
    }

    @Override
    public DurableStores open() {
        return new Stores(connect());
    }

    @Override
    public DurableStores reopen() {
        shut();
        return open();
    }

    @Override
    public Optional<DurableStores> second() {
        return Optional.of(open());
    }

    private void shut() {
        open.forEach(MongoAdapter::close);
        open.clear();
    }

    @Override
    public void close() {
        shut();
        try (MongoClient client = MongoClients.create(MongoAdapter.client(settings).build())) {
            client.getDatabase(settings.database()).drop();
        }
    }

    record Stores(MongoAdapter adapter) implements DurableStores {
        @Override
        public SessionStore sessions() {
            return adapter.sessions();
        }

        @Override
        public MessageStore messages() {
            return adapter.messages();
        }

        @Override
        public ReplyStore replies() {
            return adapter.replies();
        }

        @Override
        public Revocations revocations() {
            return adapter.revocations();
        }

        @Override
        public AuditTrail audit() {
            return adapter.audit();
        }

        @Override
        public TopicLog topics() {
            return adapter.topics();
        }

        @Override
        public AttachmentStore attachments() {
            return adapter.attachments();
        }
    }
}
