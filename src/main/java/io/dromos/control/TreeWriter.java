package io.dromos.control;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.AppTree;
import io.dromos.app.Violation;
import io.dromos.cluster.ChangeFeed;
import io.dromos.cluster.Topic;
import io.dromos.deployment.Deployment;
import io.dromos.deployment.World;
import io.dromos.placement.Agent.PortRange;
import io.dromos.routing.VipNames;
import io.dromos.store.ClusterEvent;
import io.dromos.store.EventLog;
import io.dromos.store.Stores;
import io.dromos.task.KillReason;
import io.dromos.task.Task;
import io.dromos.task.TaskId;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Stores a change of the app tree with the deployment that leads there, under the tree's lock and
 * inside the caller's transaction.
 */
final class TreeWriter {
  /** Marathon's words for the end of a deployment that another one overrides. */
  static final String CANCELLED = "The upgrade has been cancelled";

  /**
   * What a change does to a deployment that it undoes, besides its own definitions.
   *
   * @param undone ends, whatever the change touches; null when nothing is undone
   * @param reason why {@code undone} ends
   * @param kept apps whose tasks of the definition returned to go on
   */
  record Undoing(@Nullable Deployment undone, String reason, Set<AppId> kept) {
    static final Undoing NOTHING = new Undoing(null, "", Set.of());
  }

  private final Stores stores;
  private final EventLog events;
  private final ChangeFeed feed;
  private final Clock clock;
  private final PortRange servicePortRange;
  private final ServicePorts servicePorts;
  private final Supplier<String> deploymentIds;
  private final int deadlineSeconds;
  private final LockWords lockWords;

  TreeWriter(
      Stores stores,
      EventLog events,
      ChangeFeed feed,
      Clock clock,
      PortRange servicePorts,
      Supplier<String> deploymentIds,
      int deadlineSeconds) {
    this.stores = stores;
    this.events = events;
    this.feed = feed;
    this.clock = clock;
    this.servicePortRange = servicePorts;
    this.servicePorts = new ServicePorts(servicePorts);
    this.deploymentIds = deploymentIds;
    this.deadlineSeconds = deadlineSeconds;
    this.lockWords = new LockWords(stores);
  }

  /** Takes the lock that orders all changes of the tree, and reads it. */
  AppTree lock() {
    stores.apps().lockRoot();
    return stores.apps().tree();
  }

  /**
   * Stores a change with its deployment, or refuses it and has written nothing but the event that
   * says so.
   */
  CommandResult store(
      Change.Proceed proceed, AppTree tree, Undoing undoing, CommandContext context) {
    Instant now = now();
    Instant version = versionAfter(tree.version(), now);
    Prepared prepared = prepare(proceed, tree, undoing.kept(), version);
    if (prepared.rejection() != null) {
      return new CommandResult.Refused(prepared.rejection());
    }
    TreeChange change = prepared.change();
    List<Deployment> conflicts = change.conflicts(stores.deployments().running());
    if (!conflicts.isEmpty() && !context.force()) {
      return locked(change, version, conflicts, now);
    }
    Deployment undone = undoing.undone();
    Set<Deployment> overridden = new LinkedHashSet<>(conflicts);
    if (undone != null) {
      overridden.add(undone);
    }
    Deployment deployment =
        change.deployment(
            new TreeChange.Begin(
                deploymentIds.get(),
                version,
                now,
                context.asker(),
                undone == null ? null : undone.id(),
                undone == null ? deadlineSeconds : null),
            overridden);
    List<TaskId> leftovers = leftovers(change);
    stores.revisions().next();
    for (Deployment old : overridden) {
      end(old, old.equals(undone) ? undoing.reason() : CANCELLED, now);
    }
    if (!leftovers.isEmpty()) {
      stores.tasks().kill(leftovers, KillReason.APP_STOPPED, now);
    }
    write(change, deployment, now);
    tell(change, version, context, now);
    return new CommandResult.Accepted(deployment.id(), version, change.asked());
  }

  /**
   * Tasks of an app that was removed and comes back before they were stopped: they are of a life
   * before, and the new one would take them for its own.
   */
  private List<TaskId> leftovers(TreeChange change) {
    List<AppSpec> created =
        change.changed().stream()
            .filter(spec -> !change.before().apps().containsKey(spec.id()))
            .toList();
    if (created.isEmpty()) {
      return List.of();
    }
    World world = stores.world().load();
    return created.stream()
        .flatMap(spec -> world.tasksOf(spec.id()).stream())
        .filter(task -> task.isActive() && task.goal().wantsRunning())
        .map(Task::id)
        .toList();
  }

  /** The steps that {@link #store} would store. */
  Commands.Forecast forecast(Change.Proceed proceed, AppTree tree) {
    Prepared prepared = prepare(proceed, tree, Set.of(), versionAfter(tree.version(), now()));
    return prepared.rejection() != null
        ? new Commands.Forecast.Refused(prepared.rejection())
        : new Commands.Forecast.Steps(prepared.change().steps(List.of()));
  }

  /** A change that keeps the rules, or why it doesn't. */
  private record Prepared(@Nullable TreeChange wanted, @Nullable Rejection rejection) {
    TreeChange change() {
      return Objects.requireNonNull(wanted);
    }
  }

  private Prepared prepare(Change.Proceed proceed, AppTree tree, Set<AppId> kept, Instant version) {
    Optional<List<AppSpec>> assigned = servicePorts.assign(proceed.upserts(), tree.apps());
    if (assigned.isEmpty()) {
      return new Prepared(
          null,
          new Rejection.ServicePortsExhausted(servicePortRange.from(), servicePortRange.to()));
    }
    Change.Proceed wanted =
        new Change.Proceed(
            assigned.get(), proceed.removals(), proceed.restarts(), proceed.groups());
    TreeChange change = TreeChange.of(wanted, kept, tree, version);
    List<Violation> violations = change.violations();
    return violations.isEmpty()
        ? new Prepared(change, null)
        : new Prepared(null, new Rejection.Invalid(violations));
  }

  private void write(TreeChange change, Deployment deployment, Instant now) {
    change.removed().forEach(stores.apps()::remove);
    change.groups().removed().forEach(stores.apps()::removeGroup);
    stores.apps().saveAll(change.changed());
    change.groups().saved().forEach(stores.apps()::saveGroup);
    stores.apps().setRootVersion(deployment.version(), change.touchedPaths());
    stores.vips().retain(VipNames.canonicalNames(change.after().apps().values()), now);
    stores.deployments().save(deployment);
  }

  private void tell(TreeChange change, Instant version, CommandContext context, Instant now) {
    List<ClusterEvent> told = new ArrayList<>();
    told.add(new ClusterEvent.GroupChanged(now, change.group(), version));
    if (context.postEvent()) {
      change
          .asked()
          .forEach(
              app ->
                  told.add(new ClusterEvent.ApiPost(now, context.clientIp(), context.uri(), app)));
    }
    events.publish(told);
    feed.announce(EnumSet.of(Topic.INTENT, Topic.EVENTS));
  }

  private CommandResult locked(
      TreeChange change, Instant version, List<Deployment> conflicts, Instant now) {
    String reason =
        "App is locked by one or more deployments. Override with the option '?force=true'. View"
            + " details at '/v2/deployments/<DEPLOYMENT_ID>'.";
    events.publish(new ClusterEvent.GroupChangeFailed(now, change.group(), version, reason));
    feed.announce(EnumSet.of(Topic.EVENTS));
    return new CommandResult.Refused(new Rejection.Locked(lockWords.holders(conflicts, now)));
  }

  /** Ends a running deployment before it is done, and tells. */
  void end(Deployment deployment, String reason, Instant now) {
    Deployment ended = deployment.ended(Deployment.Status.FAILED, reason, now);
    stores.deployments().save(ended);
    events.publish(new ClusterEvent.DeploymentFailed(now, ended, reason));
  }

  Optional<Deployment> running(String id) {
    return stores.deployments().running().stream().filter(d -> d.id().equals(id)).findFirst();
  }

  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** Versions are milliseconds and strictly increasing, whatever the clock does. */
  private static Instant versionAfter(Instant root, Instant now) {
    Instant next = root.truncatedTo(ChronoUnit.MILLIS).plusMillis(1);
    return now.isAfter(next) ? now : next;
  }
}
