package io.dromos.dataplane.http;

import io.dromos.dataplane.stats.Count;
import io.dromos.dataplane.stats.Meter;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the books of one request or relayed connection on its way: what it did is counted for the
 * listener it came through, its route and the backend that served it. Confined to its event loop.
 */
final class Tally {
  private final int writer;
  private final @Nullable Meter listener;
  private final Meter route;
  private final boolean http;
  private final long begun = System.nanoTime();
  private long connectedAt;
  private int status;
  private int attempts;
  private @Nullable Meter server;
  private @Nullable Meter previous;
  private boolean ended;

  /**
   * Begins.
   *
   * @param writer number of the event loop
   * @param listener null where the container listens
   * @param http false for a connection relayed byte for byte
   */
  Tally(int writer, @Nullable Meter listener, Meter route, boolean http) {
    this.writer = writer;
    this.listener = listener;
    this.route = route;
    this.http = http;
    route.increment(writer, Count.SESSIONS);
    if (http) {
      route.increment(writer, Count.REQUESTS);
      if (listener != null) {
        listener.increment(writer, Count.REQUESTS);
      }
    }
  }

  /** A backend was chosen. */
  void picked(BackendLoad load) {
    Meter chosen = load.meter();
    chosen.increment(writer, Count.SESSIONS);
    if (attempts++ > 0) {
      Meter before = previous;
      route.increment(writer, Count.RETRIES);
      chosen.increment(writer, Count.RETRIES);
      if (before != null && before != chosen) {
        route.increment(writer, Count.REDISPATCHES);
        before.increment(writer, Count.REDISPATCHES);
      }
    }
    server = chosen;
  }

  /** It took the connection. */
  void connected(boolean reused) {
    connectedAt = System.nanoTime();
    Meter taking = server;
    if (taking != null) {
      if (reused) {
        taking.increment(writer, Count.REUSES);
      } else {
        long micros = (connectedAt - begun) / 1000;
        taking.increment(writer, Count.CONNECTS);
        taking.add(writer, Count.CONNECT_TIME, micros);
        route.add(writer, Count.CONNECT_TIME, micros);
      }
      if (http) {
        taking.increment(writer, Count.REQUESTS);
      }
    }
  }

  /** It did not. */
  void refused() {
    route.increment(writer, Count.CONNECT_ERRORS);
    leave(Count.CONNECT_ERRORS);
  }

  /** It lost the connection before it answered, and the request goes elsewhere. */
  void lost() {
    route.increment(writer, Count.RESPONSE_ERRORS);
    leave(Count.RESPONSE_ERRORS);
  }

  private void leave(Count why) {
    Meter leaving = server;
    if (leaving != null) {
      leaving.increment(writer, why);
      leaving.increment(writer, Count.ENDED);
    }
    previous = leaving;
    server = null;
  }

  /** Bytes on the way from the client to the backend. */
  void up(long bytes) {
    move(Count.BYTES_IN, bytes);
  }

  /** Bytes on the way from the backend to the client. */
  void down(long bytes) {
    move(Count.BYTES_OUT, bytes);
  }

  private void move(Count what, long bytes) {
    route.add(writer, what, bytes);
    if (listener != null) {
      listener.add(writer, what, bytes);
    }
    if (server != null) {
      server.add(writer, what, bytes);
    }
  }

  /** The final head of the backend's answer. */
  void head(int answered) {
    status = answered;
    long micros = (System.nanoTime() - connectedAt) / 1000;
    route.add(writer, Count.RESPONSE_TIME, micros);
    Meter answering = server;
    if (answering != null) {
      answering.add(writer, Count.RESPONSE_TIME, micros);
      answering.increment(writer, Count.ofStatus(answered));
    }
  }

  /** It is over, in the one way it ends; called again it does nothing. */
  void end(ProxyOutcome outcome) {
    if (ended) {
      return;
    }
    ended = true;
    Meter last = server;
    boolean ownAnswer = status == 0 && outcome.status() != 0;
    int seen = ownAnswer ? outcome.status() : status;
    long micros = (System.nanoTime() - begun) / 1000;
    blame(outcome, last);
    if (last != null) {
      last.increment(writer, Count.ENDED);
      last.time(writer, micros);
    }
    if (http) {
      Count answered = Count.ofStatus(seen);
      route.increment(writer, answered);
      if (listener != null) {
        listener.increment(writer, answered);
      }
    }
    if (ownAnswer) {
      route.increment(writer, Count.INTERCEPTED);
      if (listener != null) {
        listener.increment(writer, Count.INTERCEPTED);
      }
    }
    route.outcome(writer, outcome.index());
    route.time(writer, micros);
    route.increment(writer, Count.ENDED);
  }

  private void blame(ProxyOutcome outcome, @Nullable Meter last) {
    switch (outcome) {
      case CLIENT_GONE -> both(Count.CLIENT_ABORTS, last);
      case BACKEND_CUT -> both(Count.SERVER_ABORTS, last);
      case BACKEND_CLOSED, BACKEND_INVALID, BACKEND_TIMEOUT -> both(Count.RESPONSE_ERRORS, last);
      case CLIENT_INVALID, CLIENT_TIMEOUT -> {
        if (listener != null) {
          listener.increment(writer, Count.REQUEST_ERRORS);
        }
      }
      default -> {
        // Nobody's fault, or counted when it happened.
      }
    }
  }

  private void both(Count what, @Nullable Meter last) {
    route.increment(writer, what);
    if (last != null) {
      last.increment(writer, what);
    }
  }
}
