package io.dromos.runtime.process;

import io.dromos.runtime.RuntimeStatus;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the state files of one task and the machine's processes together mean. */
final class SupervisedTask {
  private static final Map<Integer, String> SIGNALS =
      Map.ofEntries(
          Map.entry(1, "SIGHUP"),
          Map.entry(2, "SIGINT"),
          Map.entry(3, "SIGQUIT"),
          Map.entry(4, "SIGILL"),
          Map.entry(6, "SIGABRT"),
          Map.entry(7, "SIGBUS"),
          Map.entry(8, "SIGFPE"),
          Map.entry(9, "SIGKILL"),
          Map.entry(11, "SIGSEGV"),
          Map.entry(13, "SIGPIPE"),
          Map.entry(14, "SIGALRM"),
          Map.entry(15, "SIGTERM"));

  private SupervisedTask() {}

  /**
   * The status of a task, or nothing while its supervisor has not got so far.
   *
   * @param boot id of the running kernel
   * @param now for an end that nobody wrote down
   */
  static Optional<RuntimeStatus> status(StateFiles files, String boot, Instant now)
      throws IOException {
    Optional<StateFiles.Pids> pids = files.pids();
    if (pids.isEmpty()) {
      return Optional.empty();
    }
    StateFiles.Pids known = pids.get();
    boolean sameBoot = known.boot().equals(boot);
    // Asked before the exit is read: a supervisor that is gone by now has written what it ever
    // will.
    boolean mainAlive = sameBoot && ProcessTable.isAlive(known.task(), known.taskStarted());
    boolean watched = sameBoot && ProcessTable.isAlive(known.supervisor(), known.ownStarted());
    Optional<StateFiles.Exit> exit = files.exit();
    if (exit.isPresent()) {
      return Optional.of(ended(files, known, exit.get(), sameBoot));
    }
    if (mainAlive || watched) {
      return Optional.of(
          new RuntimeStatus.Running(files.startedAt(), String.valueOf(known.task())));
    }
    String why =
        sameBoot
            ? "The process ended, and its supervisor was killed before it could note the exit code"
            : "The machine was restarted while the task ran";
    return Optional.of(new RuntimeStatus.Ended(now, null, why));
  }

  /** A task that was asked to stop is over when all of its processes are. */
  private static RuntimeStatus ended(
      StateFiles files, StateFiles.Pids pids, StateFiles.Exit exit, boolean sameBoot)
      throws IOException {
    if (sameBoot && files.stop().isPresent() && Signals.anyAlive(pids)) {
      return new RuntimeStatus.Running(files.startedAt(), String.valueOf(pids.task()));
    }
    return new RuntimeStatus.Ended(exit.at(), exit.code(), sentence(exit.code()));
  }

  /** Mesos' words for an exit status as a shell tells it. */
  static String sentence(@Nullable Integer code) {
    if (code == null) {
      return "Command ended with an unknown status";
    }
    String sentence = String.format(Locale.ROOT, "Command exited with status %d", code);
    if (code > 128 && code <= 192) {
      String signal = SIGNALS.getOrDefault(code - 128, "signal " + (code - 128));
      return sentence + " (terminated by " + signal + ")";
    }
    return sentence;
  }
}
