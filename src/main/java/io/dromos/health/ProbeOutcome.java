package io.dromos.health;

/** What one probe found. */
public sealed interface ProbeOutcome {
  record Alive() implements ProbeOutcome {}

  record Dead(String cause) implements ProbeOutcome {}

  /** Says nothing either way, such as an interim response that the check ignores. */
  record Ignored() implements ProbeOutcome {}
}
