package io.dromos.task;

/** What a transition asks for; performed after the commit, in this order. */
public enum TaskEffect {
  /** Take the backend out of every data plane at once. */
  WITHDRAW_ROUTE,
  /** Lengthen the launch delay of the app. */
  COUNT_FAILURE,
  /** Remember it as the app's last task failure. */
  RECORD_FAILURE,
  /** Publish a status update event. */
  PUBLISH_STATUS,
  /** Publish a health change event. */
  PUBLISH_HEALTH,
  /** A process we think dead is alive: stop it. */
  KILL
}
