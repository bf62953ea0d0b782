package dev.parley.bootstrap.settings;

/**
 * A setting as {@code parley config} shows it.
 *
 * @param value as it was written, stars for a secret that is set
 */
public record Shown(String name, String value, Source source, String standard) {}
