package dev.parley.adapter.rest;

import dev.parley.application.command.Outcome;
import dev.parley.domain.error.ChatException;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.error.UnavailableException;
import dev.parley.protocols.json.FieldException;
import dev.parley.protocols.json.JsonWriter;
import dev.parley.protocols.json.Texts;
import dev.parley.protocols.json.WireTime;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Optional;

/** Turns whatever goes wrong into problem documents (RFC 9457) in the client's language, without any of the server's inside. */
final class Problems {

    private static final System.Logger LOG = System.getLogger(Problems.class.getName());
    private static final String MEDIA_TYPE = "application/problem+json";

    private final Texts texts;

    Problems(Texts texts) {
        this.texts = texts;
    }

    Response of(Throwable failure, Texts.Language language) {
        return switch (failure) {
            case Refused refused -> of(refused.refusal(), language);
            case FieldException wrong -> of(refusal(ErrorCode.BAD_REQUEST, wrong.detail()), language);
            case WebApplicationException known -> ofStatus(known.getResponse(), language);
            case UnavailableException away -> {
                LOG.log(System.Logger.Level.WARNING, "A request failed because something is away", away);
                yield of(refusal(ErrorCode.STORE_UNAVAILABLE, ""), language);
            }
            case ChatException broken -> internal(broken, language);
            case Throwable fault -> internal(fault, language);
        };
    }

    Response of(Outcome.Refusal refusal, Texts.Language language) {
        return problem(status(refusal.code()), refusal, language).build();
    }

    /** As {@link #of(Outcome.Refusal, Texts.Language)} with a status of its own. */
    Response of(int status, Outcome.Refusal refusal, Texts.Language language) {
        return problem(status, refusal, language).build();
    }

    private Response internal(Throwable fault, Texts.Language language) {
        LOG.log(System.Logger.Level.ERROR, "A request failed", fault);
        return of(refusal(ErrorCode.INTERNAL, ""), language);
    }

    /** What the routing itself refuses: an unknown path, a method or a media type that is not for it. */
    private Response ofStatus(Response refused, Texts.Language language) {
        int status = refused.getStatus();
        ErrorCode code =
                switch (status) {
                    case 401 -> ErrorCode.UNAUTHORIZED;
                    case 403 -> ErrorCode.FORBIDDEN;
                    case 404 -> ErrorCode.NOT_FOUND;
                    case 503 -> ErrorCode.STORE_UNAVAILABLE;
                    default -> status < 500 ? ErrorCode.BAD_REQUEST : ErrorCode.INTERNAL;
                };
        String detail =
                switch (status) {
                    case 404 -> "Expected an address that is known";
                    case 405 -> "Expected another method at this address";
                    case 406 -> "Expected to be allowed to answer in JSON";
                    case 415 -> "Expected a body of type application/json";
                    default -> "";
                };
        Response.ResponseBuilder problem = problem(status, refusal(code, detail), language);
        Optional.ofNullable(refused.getHeaderString(HttpHeaders.ALLOW))
                .ifPresent(allow -> problem.header(HttpHeaders.ALLOW, allow));
        return problem.build();
    }

    private Response.ResponseBuilder problem(int status, Outcome.Refusal refusal, Texts.Language language) {
        Response.Status known = Response.Status.fromStatusCode(status);
        JsonWriter json = new JsonWriter().begin();
        json.field("type", "about:blank");
        json.field("title", known == null ? Integer.toString(status) : known.getReasonPhrase());
        json.field("status", status);
        json.field("detail", texts.error(refusal.code(), language));
        json.field("code", refusal.code().name());
        refusal.retryAfter().ifPresent(wait -> json.field("retry_after", WireTime.wholeSeconds(wait)));
        if (!refusal.detail().isEmpty()) {
            json.field("details", refusal.detail());
        }
        Response.ResponseBuilder response = Answers.bytes(status, json.end().toUtf8(), MEDIA_TYPE)
                .header(HttpHeaders.CONTENT_LANGUAGE, language.tag());
        refusal.retryAfter()
                .ifPresent(wait -> response.header(HttpHeaders.RETRY_AFTER, WireTime.wholeSeconds(wait)));
        if (status == 401) {
            response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        return response;
    }

    private static Outcome.Refusal refusal(ErrorCode code, String detail) {
        return new Outcome.Refusal(code, detail, Optional.empty());
    }

    static int status(ErrorCode code) {
        return switch (code) {
            case BAD_REQUEST, UNKNOWN_TYPE, CONTENT_REJECTED, FILE_INFECTED, CHECKSUM -> 400;
            case UNAUTHORIZED, TOKEN_EXPIRED -> 401;
            case FORBIDDEN -> 403;
            case NOT_FOUND, MODEL_NOT_FOUND -> 404;
            case CONFLICT, ROOM_FULL -> 409;
            case GONE -> 410;
            case MESSAGE_TOO_LONG, FILE_TOO_LARGE, QUOTA_EXCEEDED -> 413;
            case FILE_TYPE -> 415;
            case RATE_LIMIT -> 429;
            case BUSY, FILE_UNSCANNABLE, MODEL_UNAVAILABLE, MODEL_FAILED, INTERRUPTED, STORE_UNAVAILABLE -> 503;
            case INTERNAL -> 500;
        };
    }
}
