package io.dromos.app;

/** One broken rule of a definition: JSON path as Marathon writes it, and the sentence. */
public record Violation(String path, String message) {}
