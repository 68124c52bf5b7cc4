package io.dromos.simulation;

import java.util.List;

/** What happens to nodes from outside, at moments of its own. */
final class Chaos {
  private final Schedule schedule;
  private final Faults faults;
  private final SimulatedLease.Row lease;
  private final List<SimulatedNode> nodes;

  Chaos(Schedule schedule, Faults faults, SimulatedLease.Row lease, List<SimulatedNode> nodes) {
    this.schedule = schedule;
    this.faults = faults;
    this.lease = lease;
    this.nodes = nodes;
  }

  /** One misfortune. */
  void strike() {
    SimulatedNode node = schedule.pick(nodes);
    int dice = schedule.dice(100);
    if (dice < 40) {
      if (node.machine().killOne()) {
        faults.count(Fault.TASK_DIED);
      }
    } else if (dice < 52) {
      if (node.isUp()) {
        faults.count(Fault.CRASH_ANYWHERE);
        node.crash();
      }
    } else if (dice < 64) {
      faults.count(Fault.PARTITION);
      node.cutOff(schedule.now() + span());
    } else if (dice < 70) {
      faults.count(Fault.OUTAGE);
      long until = schedule.now() + schedule.between(500, 8_000);
      nodes.forEach(each -> each.cutOff(until));
    } else if (dice < 80) {
      faults.count(Fault.LEASE_LOST);
      lease.expire();
    } else if (dice < 88) {
      faults.count(Fault.RUNTIME_AWAY);
      node.machine().goAway(schedule.now() + span());
    } else if (dice < 96) {
      faults.count(Fault.PORT_TAKEN);
      node.machine().occupy(31_000 + schedule.dice(30));
    } else {
      faults.count(Fault.REBOOT);
      node.machine().reboot();
      node.crash();
    }
  }

  /** Mostly short, sometimes longer than anybody waits. */
  private long span() {
    return schedule.chance(0.7) ? schedule.between(300, 6_000) : schedule.between(8_000, 60_000);
  }
}
