package io.dromos.app;

/** Fractions of the target instance count, each in [0, 1] (Marathon 1.11: deployments). */
public record UpgradeStrategy(double minimumHealthCapacity, double maximumOverCapacity) {
  public static final UpgradeStrategy DEFAULT = new UpgradeStrategy(1, 1);
}
