package io.dromos.control;

import io.dromos.deployment.Deployment;
import io.dromos.deployment.DeploymentProgress;
import io.dromos.deployment.World;
import io.dromos.store.Stores;
import java.time.Instant;
import java.util.List;

/** Says of deployments that hold an app what they are doing: refusals must not be riddles. */
final class LockWords {
  private final Stores stores;

  LockWords(Stores stores) {
    this.stores = stores;
  }

  List<Rejection.Locked.Holder> holders(List<Deployment> deployments, Instant now) {
    World world = stores.world().load();
    return deployments.stream()
        .map(
            d ->
                new Rejection.Locked.Holder(
                    d.id(), DeploymentProgress.of(d, world, now).sentence()))
        .toList();
  }
}
