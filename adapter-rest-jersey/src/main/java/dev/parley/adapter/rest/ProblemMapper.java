package dev.parley.adapter.rest;

import dev.parley.protocols.json.Texts;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import org.jspecify.annotations.Nullable;

/** Makes a problem of whatever a resource throws. */
final class ProblemMapper implements ExceptionMapper<Throwable> {

    /** Stands for the headers of the thread's request; set by Jersey. */
    @Context
    private @Nullable HttpHeaders headers;

    private final Problems problems;

    ProblemMapper(Problems problems) {
        this.problems = problems;
    }

    @Override
    public Response toResponse(Throwable failure) {
        HttpHeaders current = headers;
        String wanted = current == null ? null : current.getHeaderString(HttpHeaders.ACCEPT_LANGUAGE);
        return problems.of(failure, Texts.Language.preferred(Visit.languages(wanted == null ? "" : wanted)));
    }
}
