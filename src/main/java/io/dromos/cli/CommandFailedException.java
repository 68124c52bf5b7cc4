package io.dromos.cli;

/** A command that could not do what was asked; the message is for the user and names the fix. */
final class CommandFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  CommandFailedException(String message) {
    super(message);
  }

  /** The message, which is never null here. */
  String words() {
    return String.valueOf(getMessage());
  }
}
