package io.dromos.task;

/** Why the leader wants a task gone. */
public enum KillReason {
  /** The app was deleted. */
  APP_STOPPED,
  /** Fewer instances are wanted. */
  SCALED_DOWN,
  /** A newer version takes its place. */
  REPLACED,
  /** A user asked for exactly this task. */
  USER,
  UNHEALTHY,
  /** It did not start within the launch timeout. */
  OVERDUE
}
