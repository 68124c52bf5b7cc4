package io.dromos.control;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.AppTree;
import io.dromos.deployment.Deployment;
import io.dromos.store.AppStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What puts back an unfinished deployment: a change of the apps it touched and of no others, so
 * that what other deployments did meanwhile stays.
 *
 * @param change the definitions to return to
 * @param kept apps whose tasks of the earlier configuration go on: going back must not stop what
 *     already runs what is gone back to
 */
record Reversal(Change.Proceed change, Set<AppId> kept) {

  /**
   * As a user asks for it (Marathon 1.11: {@code DeploymentPlanReverter}): created apps are
   * removed, removed ones come back, changed ones return to their definition before; and so do
   * groups.
   *
   * @param now the tree as it is
   * @param history the tree as it was
   */
  static Reversal asked(Deployment deployment, AppTree now, AppStore history) {
    Set<AppId> created = new TreeSet<>();
    deployment.target().forEach(spec -> created.add(spec.id()));
    deployment.origin().forEach(spec -> created.remove(spec.id()));
    Change.Proceed apps = new Change.Proceed(deployment.origin(), created, Set.of());
    return new Reversal(
        GroupReversal.with(apps, deployment.version(), now, history), ids(deployment.origin()));
  }

  /**
   * As a deadline demands it: every app returns to the definition that worked last, those that have
   * arrived among them, because a deployment is one change. Nothing that a user asked for is lost:
   * a definition that has no good one before it stays, with no instances, and what was to be
   * removed is removed.
   *
   * @param current the app tree as it is
   */
  static Reversal failed(Deployment deployment, Map<AppId, AppSpec> current) {
    List<AppSpec> definitions = new ArrayList<>();
    Set<AppId> kept = new TreeSet<>();
    for (AppSpec target : deployment.target()) {
      AppSpec present = current.get(target.id());
      if (present == null) {
        continue;
      }
      deployment
          .lastGood(target.id())
          .ifPresentOrElse(
              good -> {
                definitions.add(good);
                kept.add(good.id());
              },
              () -> definitions.add(present.withInstances(0)));
    }
    return new Reversal(new Change.Proceed(definitions, Set.of(), Set.of()), kept);
  }

  private static Set<AppId> ids(List<AppSpec> specs) {
    Set<AppId> ids = new TreeSet<>();
    specs.forEach(spec -> ids.add(spec.id()));
    return ids;
  }
}
