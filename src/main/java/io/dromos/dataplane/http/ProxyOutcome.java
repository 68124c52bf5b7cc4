package io.dromos.dataplane.http;

/**
 * The one way each request or relayed connection ends, and whose doing it was. Status codes,
 * counters and log lines all speak this enum. A status of 0 means that the backend's own answer, or
 * nothing at all, is what the client saw.
 */
public enum ProxyOutcome {
  /** The backend's answer reached the client in full. */
  SERVED(0),
  /** Switched to another protocol, relayed to its end. */
  TUNNELLED(0),
  /** Nothing here has that name, path or port. */
  NO_ROUTE(503),
  /** The route exists; no backend of it accepts requests now. */
  NO_BACKEND(503),
  /** Every backend refused the connection. */
  BACKEND_REFUSED(503),
  /** No backend took the connection in time. */
  BACKEND_UNREACHABLE(503),
  /** The connection broke before the answer began. */
  BACKEND_CLOSED(502),
  /** The answer cannot be understood, or in two ways. */
  BACKEND_INVALID(502),
  /** No answer in time. */
  BACKEND_TIMEOUT(504),
  /** The answer ended too early, after it had begun. */
  BACKEND_CUT(0),
  /** A request that cannot be understood, or in two ways. */
  CLIENT_INVALID(400),
  /** Head or body did not come in time. */
  CLIENT_TIMEOUT(408),
  /** Sent elsewhere, because a label says so. */
  REDIRECTED(301),
  /** Without a name and password, or with wrong ones. */
  UNAUTHORIZED(401),
  /** From a network that the app is closed to. */
  FORBIDDEN(403),
  /** Too many passwords are being checked. */
  OVERLOADED(503),
  /** The client left before the end. */
  CLIENT_GONE(0);

  private final int status;

  ProxyOutcome(int status) {
    this.status = status;
  }

  /** Its place in the counters. */
  @SuppressWarnings("EnumOrdinal") // counters live as long as the process
  int index() {
    return ordinal();
  }

  public int status() {
    return status;
  }
}
