package io.dromos.dataplane.stats;

/** What a {@link Meter} counts. Times are sums, in microseconds. */
public enum Count {
  /** Connections or requests that began here. */
  SESSIONS,
  /** Of these, the ones that are over. */
  ENDED,
  /** HTTP requests. */
  REQUESTS,
  BYTES_IN,
  BYTES_OUT,
  STATUS_1XX,
  STATUS_2XX,
  STATUS_3XX,
  STATUS_4XX,
  STATUS_5XX,
  /** Requests that ended without a status, such as those whose client left. */
  STATUS_OTHER,
  /** Turned away by a rule: network, credentials. */
  DENIED,
  /** Requests that could not be understood or did not come in time. */
  REQUEST_ERRORS,
  /** Answered here and not by a backend. */
  INTERCEPTED,
  /** Connects to a backend that failed. */
  CONNECT_ERRORS,
  /** Answers that broke off, came too late or cannot be understood. */
  RESPONSE_ERRORS,
  /** Attempts after the first one of a request. */
  RETRIES,
  /** Of these, the ones that went to another server. */
  REDISPATCHES,
  CLIENT_ABORTS,
  SERVER_ABORTS,
  /** Connections opened to a backend. */
  CONNECTS,
  /** Requests that went over a connection that was open already. */
  REUSES,
  /** Waiting for a connection to the backend. */
  CONNECT_TIME,
  /** From the connection to the head of the answer. */
  RESPONSE_TIME,
  /** From the request's head to the end of the answer. */
  TOTAL_TIME;

  /** Its place in a {@link Meter}. */
  @SuppressWarnings("EnumOrdinal") // counters live as long as the process
  int index() {
    return ordinal();
  }

  /** Class of an HTTP status; 0 and everything odd is {@link #STATUS_OTHER}. */
  public static Count ofStatus(int status) {
    return switch (status / 100) {
      case 1 -> STATUS_1XX;
      case 2 -> STATUS_2XX;
      case 3 -> STATUS_3XX;
      case 4 -> STATUS_4XX;
      case 5 -> STATUS_5XX;
      default -> STATUS_OTHER;
    };
  }
}
