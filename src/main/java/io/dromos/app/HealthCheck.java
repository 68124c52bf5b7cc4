package io.dromos.app;

import org.jspecify.annotations.Nullable;

/** A health check of Marathon 1.11; times in whole seconds. */
public record HealthCheck(
    Protocol protocol,
    @Nullable String path,
    @Nullable Integer portIndex,
    @Nullable Integer port,
    @Nullable String command,
    int gracePeriodSeconds,
    int intervalSeconds,
    int timeoutSeconds,
    int maxConsecutiveFailures,
    int delaySeconds,
    boolean ignoreHttp1xx,
    String ipProtocol) {
  /** Who probes what; the MESOS_ kinds and COMMAND are run by the agent. */
  public enum Protocol {
    HTTP,
    HTTPS,
    TCP,
    COMMAND,
    MESOS_HTTP,
    MESOS_HTTPS,
    MESOS_TCP;

    public boolean isHttp() {
      return this == HTTP || this == HTTPS || this == MESOS_HTTP || this == MESOS_HTTPS;
    }

    public boolean isTcp() {
      return this == TCP || this == MESOS_TCP;
    }

    /** Run by the agent in Marathon's sense; VIPs wait only for these (service-discovery 1.4). */
    public boolean isAgentRun() {
      return this == COMMAND || this == MESOS_HTTP || this == MESOS_HTTPS || this == MESOS_TCP;
    }
  }
}
