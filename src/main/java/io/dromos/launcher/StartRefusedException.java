package io.dromos.launcher;

/** The node can't start; the message is one line for the user, with the fix. */
final class StartRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Exit status for wrong settings, as the command line's usage errors. */
  static final int USAGE = 2;

  /** Exit status for a machine that isn't ready: port taken, no database, directory in use. */
  static final int ENVIRONMENT = 3;

  private final int status;

  StartRefusedException(int status, String message) {
    super(message);
    this.status = status;
  }

  int status() {
    return status;
  }
}
