package dev.parley.adapter.rest;

import dev.parley.application.Caller;
import dev.parley.application.ChatEngine;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.domain.Registration;
import dev.parley.domain.access.Principal;
import dev.parley.domain.content.Filtering;
import dev.parley.domain.session.ClientInfo;
import dev.parley.protocols.http.HttpExchange;
import dev.parley.protocols.json.Texts;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** One request and who makes it. Used by one thread. */
final class Visit {

    private static final String PROPERTY = "dev.parley.visit";

    private final ChatEngine engine;
    private final HttpExchange exchange;
    private final Map<String, String> query;
    private final List<String> languages;
    private Optional<Principal> principal = Optional.empty();
    private Optional<String> newClientId = Optional.empty();
    private final List<Registration> registrations = new ArrayList<>();
    private boolean clientGone;
    private BooleanSupplier welcome = () -> true;
    private Filtering filtering = Filtering.OFF;

    Visit(ChatEngine engine, HttpExchange exchange) {
        this.engine = engine;
        this.exchange = exchange;
        this.query = parse(exchange.query());
        this.languages = Texts.Language.accepted(exchange.header("accept-language").orElse(""));
    }

    static Visit of(ContainerRequestContext request) {
        if (request.getProperty(PROPERTY) instanceof Visit visit) {
            return visit;
        }
        throw new IllegalStateException("Expected a request of this container");
    }

    void keepIn(ContainerRequestContext request) {
        request.setProperty(PROPERTY, this);
    }

    void identified(Principal who, Optional<String> cookie) {
        principal = Optional.of(who);
        newClientId = cookie;
    }

    /** @param check whether the caller's credentials are in force; asked as often as wanted */
    void welcomeWhile(BooleanSupplier check) {
        welcome = check;
    }

    /** Whether the caller would be let in again now. May block. */
    boolean stillWelcome() {
        return welcome.getAsBoolean();
    }

    /** What an anonymous client is to keep to be the same user again. */
    Optional<String> newClientId() {
        return newClientId;
    }

    /** Whether the client went away before it had everything. */
    boolean clientGone() {
        return clientGone;
    }

    void noteClientGone() {
        clientGone = true;
    }

    Principal principal() {
        return principal.orElseThrow(() -> new IllegalStateException("Expected somebody who was let in"));
    }

    /** Whether the engine takes new connections. */
    boolean accepting() {
        return engine.accepting();
    }

    /** Keeps something that is to be given back when the answer is complete, or has failed. */
    void whenOver(Registration held) {
        registrations.add(held);
    }

    void over() {
        registrations.forEach(Registration::close);
    }

    Caller caller() {
        return new Caller(principal(), client(), "rest", filtering);
    }

    /** Says what becomes of words that offend in what this request writes, where the settings do not say. */
    Visit filtering(Filtering wanted) {
        filtering = wanted;
        return this;
    }

    ClientInfo client() {
        return new ClientInfo(
                exchange.header("user-agent").orElse(""),
                exchange.peer().address(),
                parameter("client_version").orElse(""));
    }

    /** What is answered, or the refusal as an exception that becomes a problem. */
    <R> R ask(Command<R> command) {
        return switch (engine.handle(caller(), command)) {
            case Outcome.Done<R> done -> done.value();
            case Outcome.Refused<R> refused -> throw new Refused(refused.refusal());
        };
    }

    <R> Outcome<R> handle(Command<R> command) {
        return engine.handle(caller(), command);
    }

    HttpExchange exchange() {
        return exchange;
    }

    /** The first value of each parameter, decoded. */
    Map<String, String> query() {
        return query;
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name)).filter(value -> !value.isEmpty());
    }

    List<String> languages() {
        return parameter("language").map(List::of).orElse(languages);
    }

    Texts.Language language() {
        return Texts.Language.preferred(languages());
    }

    private static Map<String, String> parse(String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : query.split("&", 200)) {
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            parameters.putIfAbsent(name, equals < 0 ? "" : decoded(pair.substring(equals + 1)));
        }
        return parameters;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException broken) {
            return text;
        }
    }
}
