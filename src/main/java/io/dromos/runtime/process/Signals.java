package io.dromos.runtime.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Sends signals to everything a task consists of: its session, and in it each process group as a
 * whole, so that a process that forks meanwhile doesn't get away. Without {@code setsid} a task has
 * no session of its own; then its main process and that one's descendants are signalled one by one.
 */
final class Signals {
  private Signals() {}

  /** Asks for an orderly end. */
  static void terminate(StateFiles.Pids pids) throws IOException, InterruptedException {
    send("TERM", pids);
  }

  /** Ends whatever is left. */
  static void kill(StateFiles.Pids pids) throws IOException, InterruptedException {
    send("KILL", pids);
  }

  /** True while anything of the task runs, its main process included. */
  static boolean anyAlive(StateFiles.Pids pids) {
    return ProcessTable.isAlive(pids.task(), pids.taskStarted())
        || (ownSession(pids) && !ProcessTable.session(pids.task()).isEmpty());
  }

  private static void send(String signal, StateFiles.Pids pids)
      throws IOException, InterruptedException {
    List<String> targets = new ArrayList<>();
    if (ownSession(pids)) {
      Set<Long> groups = new TreeSet<>();
      ProcessTable.session(pids.task()).forEach(member -> groups.add(member.group()));
      groups.forEach(group -> targets.add("-" + group));
    } else if (ProcessTable.isAlive(pids.task(), pids.taskStarted())) {
      targets.add(String.valueOf(pids.task()));
      ProcessHandle.of(pids.task()).stream()
          .flatMap(ProcessHandle::descendants)
          .forEach(child -> targets.add(String.valueOf(child.pid())));
    }
    if (targets.isEmpty()) {
      return;
    }
    List<String> command =
        new ArrayList<>(List.of("/bin/sh", "-c", "kill -s " + signal + " -- \"$@\"", "kill"));
    command.addAll(targets);
    new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  /**
   * The session is the task's when its members carry the task's pid as session. When the main
   * process is gone its pid stays reserved while a member lives, so the number cannot have been
   * given to a stranger's session; when none lives there is nothing to signal.
   */
  private static boolean ownSession(StateFiles.Pids pids) {
    return ProcessTable.find(pids.task())
        .map(main -> main.started().equals(pids.taskStarted()) && main.session() == pids.task())
        .orElse(true);
  }
}
