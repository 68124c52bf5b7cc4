package io.dromos.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.app.AppId;
import io.dromos.deployment.Deployment;
import io.dromos.deployment.LaunchDelay;
import io.dromos.deployment.QueueEntry;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Deployments, delays, queue. */
public interface DeploymentStoreContract {
  Stores stores();

  private DeploymentStore deployments() {
    return stores().deployments();
  }

  @Test
  default void runningDeploymentsComeOldestFirstAndEndedOnesNewestFirst() {
    Deployment first = Samples.deployment("d1", Samples.T0, "/a");
    Deployment second = Samples.deployment("d2", Samples.T0.plusSeconds(1), "/b");
    deployments().save(second);
    deployments().save(first);
    assertEquals(List.of(first, second), deployments().running());
    assertTrue(deployments().ended(10).isEmpty());

    Deployment done = first.ended(Deployment.Status.SUCCEEDED, null, Samples.T0.plusSeconds(2));
    Deployment failed =
        second.ended(Deployment.Status.FAILED, "cancelled", Samples.T0.plusSeconds(3));
    deployments().save(done);
    deployments().save(failed);
    assertTrue(deployments().running().isEmpty());
    assertEquals(List.of(failed, done), deployments().ended(10));
    assertEquals(List.of(failed), deployments().ended(1));
    assertEquals(Optional.of(done), deployments().find("d1"));
    assertEquals(Optional.empty(), deployments().find("d3"));
  }

  @Test
  default void aSavedDeploymentReplacesItsFormerSelf() {
    Deployment deployment = Samples.deployment("d", Samples.T0, "/a", "/b");
    deployments().save(deployment);
    Deployment moved = deployment.atStep(2, Samples.T0.plusSeconds(5));
    deployments().save(moved);
    assertEquals(List.of(moved), deployments().running());
  }

  @Test
  default void delaysAreKeptByApp() {
    deployments().saveDelay(Samples.delay("/a", 1));
    LaunchDelay longer = Samples.delay("/a", 2);
    deployments().saveDelay(longer);
    LaunchDelay other = Samples.delay("/b", 1);
    deployments().saveDelay(other);
    assertEquals(Set.of(longer, other), new HashSet<>(deployments().delays()));
    deployments().forgetDelay(AppId.of("/a"));
    assertEquals(List.of(other), deployments().delays());
  }

  @Test
  default void theQueueIsReplacedAsAWhole() {
    QueueEntry a = Samples.queued("/a", 1);
    QueueEntry b = Samples.queued("/b", 2);
    deployments().saveQueue(List.of(a, b));
    assertEquals(Set.of(a, b), new HashSet<>(deployments().queue()));
    QueueEntry more = Samples.queued("/b", 3);
    QueueEntry c = Samples.queued("/c", 1);
    deployments().saveQueue(List.of(more, c));
    assertEquals(Set.of(more, c), new HashSet<>(deployments().queue()));
    deployments().saveQueue(List.of());
    assertTrue(deployments().queue().isEmpty());
  }
}
