package io.dromos.routing;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.task.HealthResult;
import io.dromos.task.TaskId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the public sees as one app: an app, or the apps of a deployment group.
 *
 * @param id of the app, or {@code /} and the group's name
 * @param spec ports, labels and checks: of a group, those of the app that is being replaced
 * @param tasks of all of them, in task id order
 * @param drained tasks of the app being replaced that get nothing new, since as many new ones are
 *     healthy
 */
record EdgeApp(AppId id, AppSpec spec, List<RoutingInput.Placed> tasks, Set<TaskId> drained) {

  /** All of them, by id. */
  static List<EdgeApp> of(RoutingInput input, TaskBackends tasks, Warnings warnings) {
    Map<AppId, List<RoutingInput.Placed>> byApp = new HashMap<>();
    for (RoutingInput.Placed placed : tasks.living()) {
      byApp.computeIfAbsent(placed.task().appId(), app -> new ArrayList<>()).add(placed);
    }
    Map<AppId, List<Member>> groups = new TreeMap<>();
    for (AppSpec app : new TreeMap<>(input.apps()).values()) {
      DeploymentLabels labels = DeploymentLabels.of(app);
      labels
          .findings()
          .forEach(
              found -> warnings.add(app.id(), "label " + found.label() + ": " + found.sentence()));
      AppId group = labels.group();
      Member member = new Member(app, labels, byApp.getOrDefault(app.id(), List.of()));
      AppId id = group == null ? app.id() : group;
      List<Member> members = groups.computeIfAbsent(id, any -> new ArrayList<>());
      if (!members.isEmpty() && (group == null || members.get(0).labels().group() == null)) {
        warnings.add(
            app.id(),
            "the deployment group " + id + " has the id of another app and is not published");
        continue;
      }
      members.add(member);
    }
    List<EdgeApp> all = new ArrayList<>();
    groups.forEach((id, members) -> all.add(merge(id, members)));
    return all;
  }

  private record Member(AppSpec spec, DeploymentLabels labels, List<RoutingInput.Placed> tasks) {}

  private static EdgeApp merge(AppId id, List<Member> members) {
    if (members.size() == 1) {
      return new EdgeApp(id, members.get(0).spec(), members.get(0).tasks(), Set.of());
    }
    // Stable, so that of equally old ones the app whose id sorts first counts as new.
    List<Member> newestFirst = new ArrayList<>(members);
    newestFirst.sort(
        Comparator.comparing((Member member) -> member.labels().startedAt()).reversed());
    Member next = newestFirst.get(0);
    Member old = newestFirst.get(1);
    int target = next.labels().target();
    if (next.labels().newInstances()
        && old.spec().lastScalingAt().isAfter(next.spec().lastScalingAt())) {
      Member swapped = next;
      next = old;
      old = swapped;
    }
    return new EdgeApp(id, old.spec(), sorted(newestFirst), drained(next, newestFirst, target));
  }

  private static List<RoutingInput.Placed> sorted(List<Member> members) {
    return members.stream()
        .flatMap(member -> member.tasks().stream())
        .sorted(Comparator.comparing((RoutingInput.Placed placed) -> placed.task().id()))
        .toList();
  }

  /** So many of the old ones as healthy new ones are more than the target needs. */
  private static Set<TaskId> drained(Member next, List<Member> all, int target) {
    List<RoutingInput.Placed> olds = new ArrayList<>();
    int instances = 0;
    for (Member member : all) {
      if (!member.spec().id().equals(next.spec().id())) {
        olds.addAll(member.tasks());
        instances += member.spec().instances();
      }
    }
    long healthy =
        next.spec().healthChecks().isEmpty()
            ? next.spec().instances()
            : next.tasks().stream()
                .filter(placed -> placed.task().goal().wantsRunning())
                .filter(
                    placed -> placed.task().seen().health().stream().anyMatch(HealthResult::alive))
                .count();
    long drainable = Math.max(0, healthy + instances - target);
    Set<TaskId> drained = new HashSet<>();
    olds.stream()
        .map(placed -> placed.task().id())
        .sorted()
        .limit(Math.min(healthy, drainable))
        .forEach(drained::add);
    return drained;
  }
}
