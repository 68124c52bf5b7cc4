package io.dromos.task;

/**
 * What an agent saw of a task, in Mesos' names without the {@code TASK_} prefix (Marathon 1.11:
 * {@code Condition}).
 */
public enum TaskState {
  /** Placed by the leader; the agent is fetching, pulling or about to start. */
  STAGING(false),
  STARTING(false),
  RUNNING(false),
  /** Asked to stop, still alive. */
  KILLING(false),
  UNREACHABLE(false),
  FINISHED(true),
  FAILED(true),
  KILLED(true),
  /** The definition cannot be run: no such image, no such user. */
  ERROR(true),
  /** The agent could not accept it, for example because a port was taken. */
  DROPPED(true),
  GONE(true),
  UNKNOWN(true);

  private final boolean terminal;

  TaskState(boolean terminal) {
    this.terminal = terminal;
  }

  public boolean isTerminal() {
    return terminal;
  }

  /** {@code TASK_RUNNING} and so on. */
  public String mesosName() {
    return "TASK_" + name();
  }

  /** Marathon's condition name, such as {@code Running}. */
  public String condition() {
    return name().charAt(0) + name().substring(1).toLowerCase(java.util.Locale.ROOT);
  }
}
