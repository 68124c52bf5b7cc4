package io.dromos.dataplane.http;

/**
 * A message that two parsers could read differently, or that goes over a limit. Carries the status
 * a client gets for it; carries no stack trace, since it is an everyday event on a public port.
 */
public final class MalformedMessageException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;

  public MalformedMessageException(int status, String sentence) {
    super(sentence, null, false, false);
    this.status = status;
  }

  public static MalformedMessageException badRequest(String sentence) {
    return new MalformedMessageException(400, sentence);
  }

  /** 400, 431, 501 or 505; a backend's message turns into 502 whatever this says. */
  public int status() {
    return status;
  }

  /** What is wrong, for people. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
