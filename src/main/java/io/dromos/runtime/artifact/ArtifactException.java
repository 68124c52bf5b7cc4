package io.dromos.runtime.artifact;

/** An artifact that the task cannot be given; the message is for the user. */
public final class ArtifactException extends Exception {
  private static final long serialVersionUID = 1L;

  ArtifactException(String message) {
    super(message);
  }
}
