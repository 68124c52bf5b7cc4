package io.dromos.routing;

import org.jspecify.annotations.Nullable;

/**
 * A host of a {@link VhostRoute}, ready to be compared: a name, {@code *suffix} or {@code
 * ~pattern}. Immutable.
 */
public final class HostPattern {
  private final String text;
  private final @Nullable LinePattern pattern;

  private HostPattern(String text, @Nullable LinePattern pattern) {
    this.text = text;
    this.pattern = pattern;
  }

  /**
   * Reads a route's host.
   *
   * @throws IllegalArgumentException when the pattern is none
   */
  public static HostPattern of(String host) {
    return new HostPattern(
        host, host.startsWith("~") ? LinePattern.parse(host.substring(1)) : null);
  }

  /** A plain name, which can be looked up instead of compared. */
  public boolean isName() {
    return pattern == null && !text.startsWith("*");
  }

  /** {@code host} in lower case, without port. */
  public boolean matches(String host) {
    if (pattern != null) {
      return pattern.find(host);
    }
    if (!text.startsWith("*")) {
      return host.equals(text);
    }
    String suffix = text.substring(1);
    return host.endsWith(suffix) && (host.length() > suffix.length() || !suffix.startsWith("."));
  }
}
