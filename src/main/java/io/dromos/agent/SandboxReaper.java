package io.dromos.agent;

import io.dromos.runtime.Sandboxes;
import io.dromos.task.TaskId;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;

/** Deletes the sandboxes of ended tasks when they have been kept for long enough. */
final class SandboxReaper {
  private static final Logger LOG = System.getLogger(SandboxReaper.class.getName());

  private final Sandboxes sandboxes;
  private final Duration keep;
  private final Clock clock;

  SandboxReaper(Sandboxes sandboxes, Duration keep, Clock clock) {
    this.sandboxes = sandboxes;
    this.keep = keep;
    this.clock = clock;
  }

  /**
   * @param used tasks whose sandbox must stay, whatever its age; a newborn's is never old enough
   */
  void run(Set<TaskId> used) {
    try {
      for (TaskId id : sandboxes.untouchedSince(clock.instant().minus(keep))) {
        if (!used.contains(id)) {
          LOG.log(Level.INFO, "{0}: sandbox removed, {1} after its end", id, keep);
          sandboxes.delete(id);
        }
      }
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.WARNING, "cannot clean up " + sandboxes.root(), e);
    }
  }
}
