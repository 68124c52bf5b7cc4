package io.dromos.routing;

import io.dromos.app.AppId;
import io.dromos.task.TaskId;

/**
 * One reachable task address behind a frontend.
 *
 * @param agent node name the task runs on
 * @param host address to connect to
 * @param state whether it may get new connections
 */
public record Backend(TaskId task, AppId app, String agent, String host, int port, State state) {
  /** Whether new connections may go there; established ones are never cut. */
  public enum State {
    ACTIVE,
    UNHEALTHY,
    DRAINING
  }

  public boolean accepting() {
    return state == State.ACTIVE;
  }

  /** {@code address:port}. */
  public String endpoint() {
    return host + ":" + port;
  }
}
