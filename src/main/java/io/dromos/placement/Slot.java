package io.dromos.placement;

import io.dromos.app.Resources;
import io.dromos.task.TaskGoal;
import java.util.BitSet;

/** What is left of one agent while tasks are placed; changes with every placement. */
final class Slot {
  private final Agent agent;
  private final HostPorts ports;
  private Resources free;
  private double freeShare;

  /**
   * @param frontends ports that are never chosen as a free one
   */
  Slot(Agent agent, BitSet frontends) {
    this.agent = agent;
    this.ports = new HostPorts(agent, frontends);
    this.free = agent.total();
    this.freeShare = share();
  }

  Agent agent() {
    return agent;
  }

  HostPorts ports() {
    return ports;
  }

  Resources free() {
    return free;
  }

  /** Free share of the scarcer of CPU and memory, from 0 to 1. */
  double freeShare() {
    return freeShare;
  }

  void take(TaskGoal goal) {
    free = free.minus(goal.resources());
    freeShare = share();
    ports.take(goal.hostPorts(), goal.id());
  }

  private double share() {
    return Math.min(
        share(free.cpus(), agent.total().cpus()), share(free.memMiB(), agent.total().memMiB()));
  }

  private static double share(double part, double whole) {
    return whole <= 0 ? 0 : part / whole;
  }
}
