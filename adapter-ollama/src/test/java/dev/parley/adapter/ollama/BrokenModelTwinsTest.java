package dev.parley.adapter.ollama;

import dev.parley.domain.error.LlmException;
import dev.parley.domain.llm.Completion;
import dev.parley.domain.llm.LlmStreamer;
import dev.parley.domain.llm.Model;
import dev.parley.domain.llm.ModelCatalog;
import dev.parley.testkit.ContractRun;
import dev.parley.testkit.llm.LlmStreamerContract;
import dev.parley.testkit.llm.ModelCatalogContract;
import dev.parley.testkit.llm.ModelFixture;
import dev.parley.testkit.llm.ModelStep;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contracts of the model ports catch what breaks a promise. */
final class BrokenModelTwinsTest {

    @ParameterizedTest
    @ValueSource(classes = {ContentWithHalfAnswers.class, EmptyWhenBroken.class})
    void a_broken_twin_fails_its_contract(Class<?> twin) {
        ContractRun.assertCaught(twin);
    }

    /** Takes a stream that broke off for a complete one. */
    static final class ContentWithHalfAnswers extends LlmStreamerContract {

        @Override
        protected ModelFixture fixture() {
            OllamaFixture real = OllamaFixture.inPiecesOf(1_000);
            LlmStreamer content = (prompt, sink) -> {
                try {
                    return real.streamer().stream(prompt, sink);
                } catch (LlmException e) {
                    return new Completion(Completion.Reason.STOP, Optional.empty(), Optional.empty());
                }
            };
            return new ModelFixture() {
                @Override
                public LlmStreamer streamer() {
                    return content;
                }

                @Override
                public String model() {
                    return real.model();
                }

                @Override
                public void script(ModelStep... steps) {
                    real.script(steps);
                }

                @Override
                public boolean awaitAsked() throws InterruptedException {
                    return real.awaitAsked();
                }

                @Override
                public boolean awaitGone() throws InterruptedException {
                    return real.awaitGone();
                }

                @Override
                public void close() {
                    real.close();
                }
            };
        }
    }

    /** Says that there is nothing when nobody can tell. */
    static final class EmptyWhenBroken extends ModelCatalogContract {

        @Override
        protected ModelCatalog offering(List<String> names) {
            return () -> names.stream()
                    .map(name -> new Model(name, "", "", 0, Set.of()))
                    .toList();
        }

        @Override
        protected ModelCatalog broken() {
            return List::of;
        }
    }
}
