package io.dromos.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.app.AppSpec;
import io.dromos.deployment.Deployment;
import io.dromos.deployment.World;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Reading everything at once. */
public interface WorldReaderContract {
  Stores stores();

  @Test
  default void anEmptyWorldIsEmpty() {
    World world = stores().world().load();
    assertEquals(0, world.revision());
    assertTrue(world.apps().isEmpty());
    assertTrue(world.tasks().isEmpty());
  }

  @Test
  default void theWorldHoldsWhatTheStoresHold() {
    AppSpec old = Samples.app("/a", Samples.T0);
    AppSpec current = Samples.app("/a", Samples.T0.plusSeconds(1));
    Deployment running = Samples.deployment("d1", Samples.T0, "/a");
    Deployment ended =
        Samples.deployment("d0", Samples.T0, "/a")
            .ended(Deployment.Status.SUCCEEDED, null, Samples.T0);
    stores()
        .transactions()
        .run(
            () -> {
              stores().apps().save(old);
              stores().tasks().launch(List.of(Samples.goal(Samples.taskId("/a"), old, "n1")));
              stores().apps().save(current);
              stores().deployments().save(running);
              stores().deployments().save(ended);
              stores().deployments().saveDelay(Samples.delay("/a", 1));
              stores().deployments().saveQueue(List.of(Samples.queued("/a", 1)));
              stores().agents().heartbeat(Samples.agent("n1", "x-S0", Samples.T0, 1));
            });
    World world = stores().world().load();
    assertEquals(stores().revisions().current(), world.revision());
    assertEquals(Map.of(current.id(), current), world.apps());
    assertEquals(
        Map.of(old.version(), old, current.version(), current), world.versions().get(current.id()));
    assertEquals(stores().tasks().all(), world.tasks());
    assertEquals(List.of(running), world.deployments());
    assertEquals(stores().deployments().delays(), world.delays());
    assertEquals(stores().deployments().queue(), world.queue());
    assertEquals(stores().agents().all(), world.agents());
  }
}
