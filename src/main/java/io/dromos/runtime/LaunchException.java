package io.dromos.runtime;

/** A task that could not be started; the message is for the user. */
public final class LaunchException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean permanent;

  /** {@code permanent} when trying the same again cannot help. */
  public LaunchException(boolean permanent, String message) {
    super(message);
    this.permanent = permanent;
  }

  public boolean permanent() {
    return permanent;
  }
}
