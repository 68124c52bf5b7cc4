package io.dromos.dataplane.http;

/**
 * A response's head as the backend sent it.
 *
 * @param minor 0 or 1, of HTTP/1.x
 * @param framing given the request's method
 */
public record ResponseHead(int status, String reason, int minor, Headers headers, Framing framing) {

  /** Interim: another head follows. 101 is final in its own way. */
  public boolean informational() {
    return status < 200 && status != 101;
  }

  /** Whether the backend will take another request on this connection. */
  public boolean keepAlive() {
    return minor == 0
        ? headers.hasToken("Connection", "keep-alive")
        : !headers.hasToken("Connection", "close");
  }
}
