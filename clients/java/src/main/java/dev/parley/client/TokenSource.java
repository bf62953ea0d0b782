package dev.parley.client;

/** Where tokens come from; asked at every connection and when the token is about to expire. It may take its time. */
@FunctionalInterface
public interface TokenSource {

    String token() throws Exception;
}
