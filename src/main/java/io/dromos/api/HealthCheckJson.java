package io.dromos.api;

import io.dromos.app.HealthCheck;
import org.jspecify.annotations.Nullable;

/** A health check on the wire (marathon-api reference, 2.6). */
public record HealthCheckJson(
    @Nullable CommandJson command,
    @Nullable Integer gracePeriodSeconds,
    @Nullable Boolean ignoreHttp1xx,
    @Nullable Integer intervalSeconds,
    @Nullable Integer maxConsecutiveFailures,
    @Nullable String path,
    @Nullable Integer port,
    @Nullable Integer portIndex,
    @Nullable String protocol,
    @Nullable String ipProtocol,
    @Nullable Integer timeoutSeconds,
    @Nullable Integer delaySeconds) {
  /** The shell line of a {@code COMMAND} check. */
  public record CommandJson(@Nullable String value) {}

  public static HealthCheckJson of(HealthCheck check) {
    return new HealthCheckJson(
        check.command() == null ? null : new CommandJson(check.command()),
        check.gracePeriodSeconds(),
        showsIgnore1xx(check.protocol()) ? check.ignoreHttp1xx() : null,
        check.intervalSeconds(),
        check.maxConsecutiveFailures(),
        check.path(),
        check.port(),
        check.portIndex(),
        check.protocol().name(),
        check.ipProtocol(),
        check.timeoutSeconds(),
        check.delaySeconds());
  }

  private static boolean showsIgnore1xx(HealthCheck.Protocol protocol) {
    return protocol == HealthCheck.Protocol.HTTP || protocol == HealthCheck.Protocol.HTTPS;
  }
}
