package io.dromos.placement;

/** Why an agent was refused, in Marathon's names and order (marathon-api reference, 1.10). */
public enum RefusalReason {
  UnfulfilledRole,
  UnfulfilledConstraint,
  NoCorrespondingReservationFound,
  AgentMaintenance,
  InsufficientCpus,
  InsufficientMemory,
  InsufficientDisk,
  InsufficientGpus,
  InsufficientPorts,
  DeclinedScarceResources
}
