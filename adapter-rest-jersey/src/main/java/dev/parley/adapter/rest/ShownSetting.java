package dev.parley.adapter.rest;

/**
 * A setting as administrators see it.
 *
 * @param value as it was written, masked where it is a secret
 * @param source where the value comes from: {@code command line}, {@code environment}, {@code file} or {@code default}
 * @param standard the value without any
 */
public record ShownSetting(String name, String value, String source, String standard) {}
