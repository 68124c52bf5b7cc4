package io.dromos.deployment;

import static io.dromos.deployment.DeploymentAction.Kind.RestartApplication;
import static io.dromos.deployment.DeploymentAction.Kind.ScaleApplication;
import static io.dromos.deployment.DeploymentAction.Kind.StartApplication;
import static io.dromos.deployment.DeploymentAction.Kind.StopApplication;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.GroupSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The steps from origin to target, in Marathon's order: stop what is gone, start what is new, then
 * scale or restart what changed, one step per layer of dependencies (Marathon 1.11: {@code
 * DeploymentPlan}).
 */
public final class Planner {
  private Planner() {}

  /**
   * @param origin definitions before; an app that is missing did not exist
   * @param target definitions after, already stamped with their versions; an app that is missing is
   *     to go
   * @param groups whose dependencies the apps below them share
   * @param halfReplaced apps of which tasks of an older configuration may still run, because the
   *     deployment that was to replace or stop them is being cancelled: they are restarted where
   *     scaling alone would leave those tasks for ever
   */
  public static List<DeploymentStep> plan(
      Collection<AppSpec> origin,
      Collection<AppSpec> target,
      Collection<GroupSpec> groups,
      Set<AppId> halfReplaced) {
    Map<AppId, AppSpec> before = byId(origin);
    Map<AppId, AppSpec> after = new TreeMap<>(byId(target));
    List<DeploymentAction> stops = new ArrayList<>();
    for (AppId id : new TreeMap<>(before).keySet()) {
      if (!after.containsKey(id)) {
        stops.add(new DeploymentAction(StopApplication, id));
      }
    }
    List<DeploymentAction> starts = new ArrayList<>();
    Map<AppId, AppSpec> changed = new TreeMap<>();
    after.forEach(
        (id, spec) -> {
          AppSpec old = before.get(id);
          if (old == null) {
            starts.add(new DeploymentAction(StartApplication, id));
          }
          if (old == null || isChanged(old, spec) || halfReplaced.contains(id)) {
            changed.put(id, spec);
          }
        });
    List<DeploymentStep> steps = new ArrayList<>();
    addStep(steps, stops);
    addStep(steps, starts);
    for (List<AppId> layer : new Dependencies(changed.values(), groups).layers()) {
      List<DeploymentAction> actions = new ArrayList<>();
      for (AppId id : layer) {
        AppSpec spec = after.get(id);
        if (spec != null) {
          actions.add(new DeploymentAction(kind(before, spec, halfReplaced), id));
        }
      }
      addStep(steps, actions);
    }
    return steps;
  }

  private static DeploymentAction.Kind kind(
      Map<AppId, AppSpec> before, AppSpec spec, Set<AppId> halfReplaced) {
    AppSpec old = before.get(spec.id());
    if (spec.instances() == 0) {
      return ScaleApplication;
    }
    boolean oldTasksMustGo =
        halfReplaced.contains(spec.id()) || (old != null && isReconfigured(old, spec));
    return oldTasksMustGo ? RestartApplication : ScaleApplication;
  }

  private static boolean isChanged(AppSpec old, AppSpec spec) {
    return old.instances() != spec.instances() || isReconfigured(old, spec);
  }

  /** The stamp decides: an explicit restart changes it although nothing else differs. */
  private static boolean isReconfigured(AppSpec old, AppSpec spec) {
    return !old.lastConfigChangeAt().equals(spec.lastConfigChangeAt());
  }

  private static Map<AppId, AppSpec> byId(Collection<AppSpec> specs) {
    Map<AppId, AppSpec> map = new HashMap<>();
    specs.forEach(spec -> map.put(spec.id(), spec));
    return map;
  }

  private static void addStep(List<DeploymentStep> steps, List<DeploymentAction> actions) {
    if (!actions.isEmpty()) {
      steps.add(new DeploymentStep(actions));
    }
  }
}
