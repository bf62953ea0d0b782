package dev.parley.adapter.rest;

import dev.parley.protocols.json.Texts;
import jakarta.inject.Provider;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import org.glassfish.jersey.server.ContainerRequest;
import org.jspecify.annotations.Nullable;

/** Makes a problem of whatever a resource throws. */
final class ProblemMapper implements ExceptionMapper<Throwable> {

    /** Stands for the thread's request; set by Jersey. */
    @Context
    private @Nullable Provider<ContainerRequest> request;

    private final Problems problems;

    ProblemMapper(Problems problems) {
        this.problems = problems;
    }

    @Override
    public Response toResponse(Throwable failure) {
        Provider<ContainerRequest> current = request;
        Texts.Language language =
                current == null ? Texts.Language.ENGLISH : Visit.of(current.get()).language();
        return problems.of(failure, language);
    }
}
