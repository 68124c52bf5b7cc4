package io.dromos.cluster;

/** What changed, in the words of the change feed. */
public enum Topic {
  /** Apps, versions, groups, deployments: what users want. */
  INTENT,
  /** Goals of tasks: what the leader wants. */
  GOALS,
  /** Observations of tasks: what agents saw. */
  OBSERVATIONS,
  /** New events for the stream. */
  EVENTS,
  /** An agent came, went or acknowledged a revision. */
  AGENTS
}
