package io.dromos.traffic;

import io.dromos.routing.PlaneState;
import io.dromos.routing.RoutingSnapshot;
import java.util.List;

/** What server and traffic process tell each other. */
sealed interface TrafficMessage {
  /** To the traffic process: the routing truth from now on. */
  record Serve(RoutingSnapshot snapshot) implements TrafficMessage {}

  /** From the traffic process: somebody asks there that the server look at the store again. */
  record LookAgain() implements TrafficMessage {}

  /** From the traffic process, at first and whenever it changed: how each of its planes stands. */
  record Standing(long pid, List<PlaneState> planes) implements TrafficMessage {
    public Standing {
      planes = List.copyOf(planes);
    }
  }
}
