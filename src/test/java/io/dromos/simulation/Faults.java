package io.dromos.simulation;

import java.util.EnumMap;
import java.util.Map;

/** How often what goes wrong, and how often it did. */
final class Faults {
  private static final Map<Fault, Double> RATES = new EnumMap<>(Fault.class);

  static {
    // Per transaction of a loop.
    RATES.put(Fault.CRASH_BEFORE_TRANSACTION, 0.0012);
    RATES.put(Fault.CRASH_IN_TRANSACTION, 0.004);
    RATES.put(Fault.CRASH_AFTER_COMMIT, 0.004);
    RATES.put(Fault.TRANSACTION_FAILED, 0.01);
    RATES.put(Fault.COMMIT_UNKNOWN, 0.01);
    RATES.put(Fault.INTERLEAVED, 0.08);
    RATES.put(Fault.PAUSED, 0.002);
    RATES.put(Fault.LEASE_STOLEN, 0.01);
    // Per notification and node.
    RATES.put(Fault.SIGNAL_LOST, 0.05);
    RATES.put(Fault.SIGNAL_REPEATED, 0.05);
    RATES.put(Fault.SIGNAL_DELAYED, 0.05);
    // Per launch, task, call or snapshot.
    RATES.put(Fault.NEWS_LOST, 0.1);
    RATES.put(Fault.LAUNCH_SLOW, 0.15);
    RATES.put(Fault.LAUNCH_FAILED, 0.08);
    RATES.put(Fault.LAUNCH_HANGS, 0.02);
    RATES.put(Fault.LAUNCH_FORGOTTEN, 0.5);
    RATES.put(Fault.RUNTIME_THROWS, 0.03);
    RATES.put(Fault.TERM_IGNORED, 0.1);
    RATES.put(Fault.PORT_TAKEN, 0.03);
    RATES.put(Fault.PROBE_FAILED, 0.05);
    RATES.put(Fault.PLANE_SLOW, 0.08);
    RATES.put(Fault.PLANE_FAILED, 0.03);
  }

  private final Schedule schedule;
  private final Map<Fault, Integer> counts = new EnumMap<>(Fault.class);
  private boolean over;

  Faults(Schedule schedule) {
    this.schedule = schedule;
  }

  /** Whether this one happens here and now; counted. */
  boolean strikes(Fault fault) {
    return strikes(fault, RATES.getOrDefault(fault, 0.0));
  }

  boolean strikes(Fault fault, double rate) {
    if (over || !schedule.chance(rate)) {
      return false;
    }
    count(fault);
    return true;
  }

  void count(Fault fault) {
    counts.merge(fault, 1, Integer::sum);
    schedule.note("fault", fault.name());
  }

  Map<Fault, Integer> counts() {
    return counts;
  }

  /** From now on everything works. */
  void end() {
    over = true;
  }

  boolean isOver() {
    return over;
  }
}
