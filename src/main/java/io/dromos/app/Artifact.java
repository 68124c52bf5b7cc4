package io.dromos.app;

import org.jspecify.annotations.Nullable;

/** A file to fetch into the sandbox before the task starts. */
public record Artifact(
    String uri, boolean extract, boolean executable, boolean cache, @Nullable String destPath) {}
