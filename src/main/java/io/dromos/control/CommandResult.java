package io.dromos.control;

import io.dromos.app.AppSpec;
import java.time.Instant;
import java.util.List;

/** Outcome of a command that starts a deployment. */
public sealed interface CommandResult {
  /**
   * Stored; the loops act later.
   *
   * @param apps the changed definitions as stored, service ports assigned
   */
  record Accepted(String deploymentId, Instant version, List<AppSpec> apps)
      implements CommandResult {
    public Accepted {
      apps = List.copyOf(apps);
    }
  }

  record Refused(Rejection rejection) implements CommandResult {}
}
