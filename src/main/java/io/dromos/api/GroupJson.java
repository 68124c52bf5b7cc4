package io.dromos.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A group with whatever was embedded (marathon-api reference, 1.8). */
public record GroupJson(
    String id,
    @Nullable List<AppView> apps,
    @Nullable List<GroupJson> groups,
    @Nullable List<Object> pods,
    List<String> dependencies,
    String version,
    boolean enforceRole) {}
