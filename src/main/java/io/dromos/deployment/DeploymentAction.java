package io.dromos.deployment;

import io.dromos.app.AppId;

/** One action of a step, in Marathon's names. */
public record DeploymentAction(Kind kind, AppId app) {
  /** Names as on the wire. */
  public enum Kind {
    StartApplication,
    ScaleApplication,
    RestartApplication,
    StopApplication
  }
}
