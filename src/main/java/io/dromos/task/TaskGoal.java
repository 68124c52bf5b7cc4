package io.dromos.task;

import io.dromos.app.AppId;
import io.dromos.app.Resources;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the leader wants of a task; written by the leader alone.
 *
 * @param version the app version it runs
 * @param agent node name it is placed on
 * @param hostPorts one per port of the app that has a host port, in definition order
 * @param stagedAt when it was placed
 * @param kill null while it should run
 * @param killAt when the kill was decided; null while it should run
 * @param revision of the store when the goal last changed
 */
public record TaskGoal(
    TaskId id,
    AppId appId,
    Instant version,
    String agent,
    String host,
    List<Integer> hostPorts,
    Resources resources,
    Instant stagedAt,
    @Nullable KillReason kill,
    @Nullable Instant killAt,
    long revision) {
  public TaskGoal {
    hostPorts = List.copyOf(hostPorts);
  }

  public boolean wantsRunning() {
    return kill == null;
  }

  /** The same task, wanted gone. A task that is already wanted gone keeps its first reason. */
  public TaskGoal killed(KillReason reason, Instant now) {
    return wantsRunning()
        ? new TaskGoal(
            id, appId, version, agent, host, hostPorts, resources, stagedAt, reason, now, revision)
        : this;
  }

  public TaskGoal atRevision(long newRevision) {
    return new TaskGoal(
        id, appId, version, agent, host, hostPorts, resources, stagedAt, kill, killAt, newRevision);
  }
}
