package io.dromos.app;

/** When an instance on a lost agent is replaced and forgotten; seconds. */
public record UnreachableStrategy(
    boolean disabled, long inactiveAfterSeconds, long expungeAfterSeconds) {
  public static final UnreachableStrategy DEFAULT = new UnreachableStrategy(false, 0, 0);
  public static final UnreachableStrategy DISABLED = new UnreachableStrategy(true, 0, 0);
}
