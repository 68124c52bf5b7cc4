package io.dromos.app;

import java.util.List;

/** A readiness check; times in whole seconds. */
public record ReadinessCheck(
    String name,
    boolean https,
    String path,
    String portName,
    int intervalSeconds,
    int timeoutSeconds,
    List<Integer> httpStatusCodesForReady,
    boolean preserveLastResponse) {
  public ReadinessCheck {
    httpStatusCodesForReady = List.copyOf(httpStatusCodesForReady);
  }
}
