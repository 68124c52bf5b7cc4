package io.dromos.simulation;

/** What goes wrong in a simulation, in the words of the summary. */
enum Fault {
  CRASH_BEFORE_TRANSACTION("node crashes before a transaction of one of its loops"),
  CRASH_IN_TRANSACTION("node crashes in the middle of a transaction"),
  CRASH_AFTER_COMMIT("node crashes right after a commit, before it acts"),
  CRASH_ANYWHERE("node is killed at some other moment; its tasks live on"),
  REBOOT("machine reboots; its tasks die with it"),
  PARTITION("node is cut off from the database and comes back"),
  OUTAGE("database is away for everybody"),
  TRANSACTION_FAILED("transaction fails and is rolled back"),
  COMMIT_UNKNOWN("transaction commits, but the answer is lost"),
  LEASE_LOST("lease runs out although its holder lives"),
  LEASE_STOLEN("lease runs out between two transactions of its holder's turn"),
  SIGNAL_LOST("notification is lost"),
  SIGNAL_REPEATED("notification comes twice"),
  SIGNAL_DELAYED("notification comes seconds late"),
  NEWS_LOST("runtime doesn't tell that a task changed"),
  PAUSED("node stands still for seconds between two transactions of a turn"),
  INTERLEAVED("other loops run between two transactions of a turn"),
  LAUNCH_SLOW("launch takes seconds"),
  LAUNCH_FAILED("launch fails"),
  LAUNCH_HANGS("launch never ends"),
  LAUNCH_FORGOTTEN("launch is cut off by a crash and leaves no trace"),
  RUNTIME_THROWS("call of the runtime throws"),
  RUNTIME_AWAY("runtime cannot be asked for a while"),
  TASK_DIED("task dies by itself"),
  TERM_IGNORED("task ignores SIGTERM"),
  PORT_TAKEN("another program listens on a port that a task was given"),
  PROBE_FAILED("health check of a sound task fails"),
  PLANE_SLOW("data plane takes seconds to serve"),
  PLANE_FAILED("data plane cannot apply a snapshot");

  private final String words;

  Fault(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }
}
