package dev.parley.adapter.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.adapter.embedded.system.TimeOrderedIds;
import dev.parley.protocols.chat.ChatProtocol;
import dev.parley.protocols.chat.ChatSettings;
import dev.parley.protocols.json.Texts;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.glassfish.jersey.server.ApplicationHandler;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.server.ServerProperties;
import org.glassfish.jersey.server.model.ModelValidationException;
import org.junit.jupiter.api.Test;

/** The resources, looked at as a start does not look at them. */
class ResourcesTest {

    @Test
    void resources_do_not_contradict_each_other() {
        assertThat(new ApplicationHandler(looked()).getConfiguration().getInstances()).isNotEmpty();
    }

    @Test
    void two_answers_to_one_request_would_be_found() {
        ResourceConfig resources = looked().register(new Second());

        assertThatThrownBy(() -> new ApplicationHandler(resources)).isInstanceOf(ModelValidationException.class);
    }

    private static ResourceConfig looked() {
        InstantSource clock = InstantSource.system();
        ChatProtocol chat = new ChatProtocol(new TimeOrderedIds(clock), ChatSettings.DEFAULT, Texts.load());
        RestApi.Builder builder = RestApi.builder(early("an engine"), early("an authenticator"), clock)
                .issuer(early("an issuer"))
                .live(chat, early("connections"), early("slots"));
        return RestApi.resources(builder, new Problems(Texts.load()))
                .property(ServerProperties.RESOURCE_VALIDATION_DISABLE, false);
    }

    private static <T> Supplier<T> early(String what) {
        return () -> {
            throw new IllegalStateException("Expected that " + what + " is asked for by a request only");
        };
    }

    /** Answers the same request in two ways. */
    @Path("/second")
    public static final class Second {

        @GET
        public String one() {
            return "one";
        }

        @GET
        public String other() {
            return "other";
        }
    }
}
