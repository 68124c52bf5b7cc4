package io.dromos.dataplane.http;

import java.net.ConnectException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * HTTP/2 connections of one event loop to backends: one each, and a further one when a backend
 * takes no more streams on it. Confined to the loop.
 */
final class StreamPool {
  private static final int MAX_CONNECTIONS = 16;

  /** What there is towards one backend. */
  private static final class Place {
    final List<BackendStreams> connections = new ArrayList<>(1);
    final Deque<BackendPool.Waiter> waiting = new ArrayDeque<>();
    boolean connecting;
  }

  private final BackendPool bare;
  private final long idleNanos;
  private final Map<BackendLoad, Place> places = new HashMap<>();

  StreamPool(BackendPool bare, ProxyLimits limits) {
    this.bare = bare;
    this.idleNanos = limits.poolIdle().toNanos();
  }

  /** A stream for one exchange, on a new connection if there is none with room. */
  void acquire(Target target, boolean unused, BackendPool.Waiter waiter) {
    Place place = places.computeIfAbsent(target.load(), load -> new Place());
    if (!unused) {
      for (BackendStreams connection : place.connections) {
        if (connection.takesMore()) {
          connection.begin(waiter);
          return;
        }
      }
    }
    if (place.connections.size() >= MAX_CONNECTIONS) {
      waiter.refused(new ConnectException("it takes no more streams"));
      return;
    }
    place.waiting.add(waiter);
    if (!place.connecting) {
      connect(target, place);
    }
  }

  private void connect(Target target, Place place) {
    place.connecting = true;
    bare.connect(
        target,
        channel -> {
          place.connecting = false;
          BackendStreams connection = new BackendStreams(this, target, channel, idleNanos);
          connection.install();
          place.connections.add(connection);
          serve(target, place, connection);
        },
        cause -> {
          place.connecting = false;
          refuse(place, cause);
        });
  }

  private static void refuse(Place place, Throwable cause) {
    List<BackendPool.Waiter> refused = new ArrayList<>(place.waiting);
    place.waiting.clear();
    refused.forEach(waiter -> waiter.refused(cause));
  }

  private void serve(Target target, Place place, BackendStreams connection) {
    if (!connection.takesMore()) {
      refuse(place, new ConnectException("it closed the connection at once"));
      return;
    }
    while (connection.takesMore()) {
      BackendPool.Waiter waiter = place.waiting.poll();
      if (waiter == null) {
        return;
      }
      connection.begin(waiter);
    }
    if (!place.waiting.isEmpty() && !place.connecting) {
      connect(target, place);
    }
  }

  void forget(BackendStreams connection) {
    Place place = places.get(connection.target().load());
    if (place != null) {
      place.connections.remove(connection);
      if (place.connections.isEmpty() && place.waiting.isEmpty() && !place.connecting) {
        places.remove(connection.target().load());
      }
    }
  }

  /** Lets go of backends that take no more requests; what is under way goes on. */
  void retain(Set<BackendLoad> accepting) {
    List<BackendStreams> gone = new ArrayList<>();
    places.forEach(
        (load, place) -> {
          if (!accepting.contains(load)) {
            gone.addAll(place.connections);
          }
        });
    gone.forEach(BackendStreams::leave);
  }
}
