package io.dromos.simulation;

import io.dromos.store.ClusterEvent;
import io.dromos.store.EventEncoder;
import io.dromos.store.StoredEvent;
import java.util.List;

/** Events in a form that the invariants can read: the task and its state, or the deployment. */
final class EventEncoding implements EventEncoder {
  private int deployments;

  @Override
  public List<StoredEvent> encode(ClusterEvent event) {
    String type = event.getClass().getSimpleName();
    if (event instanceof ClusterEvent.TaskStatus status) {
      String text = status.task().id().value() + " " + status.task().state();
      return List.of(new StoredEvent(0, type, event.at(), status.task().appId().path(), text));
    }
    return List.of(new StoredEvent(0, type, event.at(), null, ""));
  }

  /** Ids in the order in which they were asked for. */
  String nextDeployment() {
    return "d" + ++deployments;
  }
}
