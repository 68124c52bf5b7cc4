package io.dromos.control;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.AppTree;
import io.dromos.app.GroupSpec;
import io.dromos.app.Violation;
import io.dromos.deployment.Deadline;
import io.dromos.deployment.Dependencies;
import io.dromos.deployment.Deployment;
import io.dromos.deployment.DeploymentAction;
import io.dromos.deployment.DeploymentAction.Kind;
import io.dromos.deployment.DeploymentStep;
import io.dromos.deployment.Planner;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The difference that a change makes to the app tree: what is stored, what is removed, and what
 * that means for deployments. A value computed before anything is written.
 *
 * @param asked the definitions that were sent, as they will stand: stamped, or as stored when
 *     nothing differs
 * @param changed those of them that differ from what is stored
 * @param removed ids that leave the tree
 * @param groups what happens to groups, without what stays as it is
 * @param before the tree before
 * @param after the tree after
 */
record TreeChange(
    List<AppSpec> asked,
    List<AppSpec> changed,
    Set<AppId> removed,
    Change.GroupChange groups,
    AppTree before,
    AppTree after) {

  /**
   * How the deployment of a change begins.
   *
   * @param askedBy for people
   * @param reverts id of a deployment that it undoes, or null
   * @param serverDeadline seconds for apps that ask for no deadline themselves, 0 for none; null
   *     when the deployment is to have none at all, because it restores what worked
   */
  record Begin(
      String id,
      Instant version,
      Instant now,
      String askedBy,
      @Nullable String reverts,
      @Nullable Integer serverDeadline) {}

  /**
   * Stamps what differs with {@code version}.
   *
   * @param kept ids among the upserts that go back to a configuration of before, of which tasks may
   *     still run: they keep its stamp, by which those tasks count as of the new version
   */
  static TreeChange of(Change.Proceed wanted, Set<AppId> kept, AppTree current, Instant version) {
    List<AppSpec> upserts = wanted.upserts();
    Set<AppId> restarts = wanted.restarts();
    List<AppSpec> asked = new ArrayList<>();
    List<AppSpec> changed = new ArrayList<>();
    NavigableMap<AppId, AppSpec> after = new TreeMap<>(current.apps());
    for (AppSpec spec : upserts) {
      AppSpec old = current.apps().get(spec.id());
      AppSpec stamped =
          kept.contains(spec.id())
              ? returned(spec, old, version)
              : stamped(spec, old, restarts.contains(spec.id()), version);
      asked.add(stamped);
      if (!stamped.equals(old)) {
        changed.add(stamped);
        after.put(stamped.id(), stamped);
      }
    }
    Set<AppId> removed = new TreeSet<>(wanted.removals());
    removed.retainAll(current.apps().keySet());
    removed.forEach(after::remove);
    Change.GroupChange groups = difference(wanted.groups(), current);
    return new TreeChange(
        asked,
        changed,
        removed,
        groups,
        current,
        new AppTree(version, after, groupsAfter(groups, changed, current)));
  }

  private static Change.GroupChange difference(Change.GroupChange wish, AppTree current) {
    Set<AppId> removed = new TreeSet<>(wish.removed());
    removed.retainAll(current.groups().keySet());
    removed.remove(AppId.ROOT);
    List<GroupSpec> saved =
        wish.saved().stream()
            .filter(group -> !group.equals(current.groups().get(group.id())))
            .toList();
    return new Change.GroupChange(wish.subject(), saved, removed);
  }

  private static NavigableMap<AppId, GroupSpec> groupsAfter(
      Change.GroupChange change, List<AppSpec> changed, AppTree current) {
    NavigableMap<AppId, GroupSpec> groups = new TreeMap<>(current.groups());
    change.removed().forEach(groups::remove);
    change.saved().forEach(group -> groups.put(group.id(), group));
    List<AppId> needed = new ArrayList<>();
    changed.forEach(app -> needed.add(app.id()));
    change.saved().forEach(group -> needed.add(group.id()));
    for (AppId id : needed) {
      for (AppId group = id.parent(); !group.isRoot(); group = group.parent()) {
        groups.putIfAbsent(group, GroupSpec.plain(group));
      }
    }
    return groups;
  }

  private static AppSpec stamped(
      AppSpec spec, @Nullable AppSpec old, boolean restart, Instant version) {
    if (old == null || restart || !spec.sameConfig(old)) {
      return spec.withVersion(version, version, version);
    } else if (spec.instances() != old.instances()) {
      return spec.withVersion(version, version, old.lastConfigChangeAt());
    }
    return old;
  }

  private static AppSpec returned(AppSpec spec, @Nullable AppSpec old, Instant version) {
    boolean same =
        old != null
            && spec.sameConfig(old)
            && spec.instances() == old.instances()
            && spec.lastConfigChangeAt().equals(old.lastConfigChangeAt());
    return old != null && same
        ? old
        : spec.withVersion(version, version, spec.lastConfigChangeAt());
  }

  /** Rules that only the whole tree can break. */
  List<Violation> violations() {
    List<Violation> violations = new ArrayList<>();
    if (dependencies(after.apps().values()).hasCycle()) {
      violations.add(new Violation("/", "Dependency graph has cyclic dependencies."));
    }
    if (after.groups().keySet().stream().anyMatch(after.apps()::containsKey)) {
      violations.add(
          new Violation("/", "Groups and Applications may not have the same identifier."));
    }
    violations.addAll(new VipOwnership(before, after).violations(changed));
    return violations;
  }

  private Dependencies dependencies(Collection<AppSpec> apps) {
    return new Dependencies(apps, after.groups().values());
  }

  /** Every path that differs, those of groups included. */
  Set<AppId> touchedPaths() {
    Set<AppId> paths = touched();
    groups.saved().forEach(group -> paths.add(group.id()));
    paths.addAll(groups.removed());
    return paths;
  }

  Set<AppId> touched() {
    Set<AppId> ids = new TreeSet<>(removed);
    changed.forEach(spec -> ids.add(spec.id()));
    return ids;
  }

  /** Running deployments that hold one of the touched apps. */
  List<Deployment> conflicts(Collection<Deployment> running) {
    Set<AppId> touched = touched();
    return running.stream()
        .filter(d -> d.affectedApps().stream().anyMatch(touched::contains))
        .toList();
  }

  /** The deployment that leads there from now on, with {@code overridden} out of the way. */
  Deployment deployment(Begin begin, Collection<Deployment> overridden) {
    List<AppSpec> origin = with(origin(), resumed(overridden));
    return new Deployment(
        begin.id(),
        begin.version(),
        origin,
        with(changed, resumed(overridden)),
        steps(overridden),
        0,
        begin.now(),
        begin.now(),
        Deployment.Status.RUNNING,
        null,
        null,
        terms(begin, origin, overridden));
  }

  /** What leads there from now on, with {@code overridden} out of the way. */
  List<DeploymentStep> steps(Collection<Deployment> overridden) {
    List<AppSpec> resumed = resumed(overridden);
    return Planner.plan(
        with(origin(), resumed),
        with(changed, resumed),
        after.groups().values(),
        halfReplaced(overridden));
  }

  /**
   * Apps that this change doesn't touch and an overridden deployment was still to restart: the new
   * one goes on with them, or an update that was acknowledged would never happen.
   */
  private List<AppSpec> resumed(Collection<Deployment> overridden) {
    Set<AppId> ids = halfReplaced(overridden);
    ids.removeAll(touched());
    return after.apps().values().stream().filter(spec -> ids.contains(spec.id())).toList();
  }

  private static List<AppSpec> with(List<AppSpec> some, List<AppSpec> more) {
    List<AppSpec> all = new ArrayList<>(some);
    all.addAll(more);
    return List.copyOf(all);
  }

  private List<AppSpec> origin() {
    Set<AppId> touched = touched();
    return before.apps().values().stream().filter(s -> touched.contains(s.id())).toList();
  }

  private Deployment.Terms terms(
      Begin begin, List<AppSpec> origin, Collection<Deployment> overridden) {
    Set<AppId> unproven = new TreeSet<>();
    List<AppSpec> good = new ArrayList<>();
    for (AppSpec spec : origin) {
      for (Deployment deployment : overridden) {
        if (deployment.affectedApps().contains(spec.id()) && !deployment.isDoneWith(spec.id())) {
          unproven.add(spec.id());
          deployment.lastGood(spec.id()).ifPresent(good::add);
        }
      }
    }
    Integer server = begin.serverDeadline();
    return new Deployment.Terms(
        begin.askedBy(),
        begin.reverts(),
        server == null ? null : Deadline.seconds(with(changed, resumed(overridden)), server),
        unproven,
        good);
  }

  /** Apps whose old tasks a cancelled deployment was still to replace or stop. */
  private static Set<AppId> halfReplaced(Collection<Deployment> cancelled) {
    Set<AppId> ids = new TreeSet<>();
    for (Deployment deployment : cancelled) {
      for (int i = Math.max(0, deployment.currentStep() - 1); i < deployment.steps().size(); i++) {
        deployment.steps().get(i).actions().stream()
            .filter(action -> letsAllGo(action, deployment))
            .forEach(a -> ids.add(a.app()));
      }
    }
    return ids;
  }

  /** Scaling to nothing counts: what it was to stop may be of any configuration. */
  private static boolean letsAllGo(DeploymentAction action, Deployment deployment) {
    return action.kind() == Kind.RestartApplication
        || action.kind() == Kind.StopApplication
        || deployment.target().stream()
            .anyMatch(spec -> spec.id().equals(action.app()) && spec.instances() == 0);
  }

  /**
   * The group that {@code group_change_success} names: the one that was asked about, that of a
   * single app, else the root.
   */
  AppId group() {
    if (groups.subject() != null) {
      return groups.subject();
    }
    Set<AppId> ids = new TreeSet<>(removed);
    asked.forEach(spec -> ids.add(spec.id()));
    return ids.size() == 1 ? ids.iterator().next().parent() : AppId.ROOT;
  }
}
