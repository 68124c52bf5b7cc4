package io.dromos.routing;

/**
 * Where one plane stands.
 *
 * @param revision store revision it serves; 0 before its first snapshot
 * @param live false when its last attempt failed: it says so instead of holding up those who wait
 * @param line one line for humans: {@code serves 42}, or why it is degraded and the fix
 */
public record PlaneState(
    String name,
    long revision,
    boolean live,
    String line,
    PlaneReport report,
    ServedLatency latency) {}
