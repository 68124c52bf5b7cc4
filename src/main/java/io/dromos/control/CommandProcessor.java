package io.dromos.control;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.Violation;
import io.dromos.cluster.ChangeFeed;
import io.dromos.cluster.Topic;
import io.dromos.deployment.Deployment;
import io.dromos.placement.Agent.PortRange;
import io.dromos.routing.VipNames;
import io.dromos.store.ClusterEvent;
import io.dromos.store.EventLog;
import io.dromos.store.Stores;
import io.dromos.task.KillReason;
import io.dromos.task.Task;
import io.dromos.task.TaskId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Records what users want. Every command is one transaction under the lock of the app tree: decide,
 * check the rules of the tree and the locks of running deployments, store, and tell. Runs on any
 * node; only the leader's loop acts on what is stored here.
 */
public final class CommandProcessor implements Commands {
  private static final Logger LOG = System.getLogger(CommandProcessor.class.getName());

  /** Marathon's words for the end of a deployment that another one overrides. */
  private static final String CANCELLED = "The upgrade has been cancelled";

  private final Stores stores;
  private final EventLog events;
  private final ChangeFeed feed;
  private final Clock clock;
  private final ServicePorts servicePorts;
  private final PortRange servicePortRange;
  private final Supplier<String> deploymentIds;

  /**
   * @param servicePorts range that service ports are assigned from
   * @param deploymentIds random UUIDs
   */
  public CommandProcessor(
      Stores stores,
      EventLog events,
      ChangeFeed feed,
      Clock clock,
      PortRange servicePorts,
      Supplier<String> deploymentIds) {
    this.stores = stores;
    this.events = events;
    this.feed = feed;
    this.clock = clock;
    this.servicePorts = new ServicePorts(servicePorts);
    this.servicePortRange = servicePorts;
    this.deploymentIds = deploymentIds;
  }

  @Override
  public CommandResult change(Change change, CommandContext context) {
    CommandResult result =
        stores
            .transactions()
            .inTransaction(
                () -> {
                  Tree tree = lockTree();
                  Change.Decision decision = change.decide(tree.apps, stores.apps().groups());
                  if (decision instanceof Change.Proceed proceed) {
                    return store(proceed, tree, List.of(), context);
                  }
                  return new CommandResult.Refused(((Change.Refuse) decision).rejection());
                });
    log(context, result);
    return result;
  }

  @Override
  public List<Task> kill(Set<TaskId> ids, boolean wipe, CommandContext context) {
    List<Task> killed =
        stores
            .transactions()
            .inTransaction(
                () -> {
                  lockTree();
                  List<Task> found = active(ids);
                  kill(found, KillReason.USER);
                  return found;
                });
    killed.forEach(
        task ->
            LOG.log(
                Level.INFO, "{0}: kill {1} asked by {2}", task.appId(), task.id(), who(context)));
    return killed;
  }

  @Override
  public CommandResult killAndScale(Set<TaskId> ids, CommandContext context) {
    CommandResult result =
        stores
            .transactions()
            .inTransaction(
                () -> {
                  Tree tree = lockTree();
                  List<Task> found =
                      active(ids).stream().filter(t -> t.goal().wantsRunning()).toList();
                  Map<AppId, Integer> counts = new TreeMap<>();
                  found.forEach(task -> counts.merge(task.appId(), 1, Integer::sum));
                  List<AppSpec> scaled = new ArrayList<>();
                  counts.forEach(
                      (id, count) -> {
                        AppSpec spec = tree.apps.get(id);
                        if (spec != null) {
                          scaled.add(spec.withInstances(Math.max(0, spec.instances() - count)));
                        }
                      });
                  CommandResult stored =
                      store(
                          new Change.Proceed(scaled, Set.of(), Set.of()), tree, List.of(), context);
                  if (stored instanceof CommandResult.Accepted) {
                    kill(found, KillReason.SCALED_DOWN);
                  }
                  return stored;
                });
    log(context, result);
    return result;
  }

  @Override
  public CommandResult rollBack(String deploymentId, CommandContext context) {
    CommandContext forced =
        new CommandContext(context.clientIp(), context.uri(), true, context.postEvent());
    CommandResult result =
        stores
            .transactions()
            .inTransaction(
                () -> {
                  Tree tree = lockTree();
                  Optional<Deployment> deployment = running(deploymentId);
                  if (deployment.isEmpty()) {
                    return new CommandResult.Refused(
                        new Rejection.DeploymentNotFound(deploymentId));
                  }
                  return store(revert(deployment.get()), tree, List.of(deployment.get()), forced);
                });
    log(context, result);
    return result;
  }

  @Override
  public Optional<Rejection> abandon(String deploymentId, CommandContext context) {
    Optional<Rejection> refusal =
        stores
            .transactions()
            .inTransaction(
                () -> {
                  lockTree();
                  Optional<Deployment> deployment = running(deploymentId);
                  if (deployment.isEmpty()) {
                    return Optional.<Rejection>of(new Rejection.DeploymentNotFound(deploymentId));
                  }
                  stores.revisions().next();
                  cancel(deployment.get(), now());
                  feed.announce(EnumSet.of(Topic.INTENT, Topic.EVENTS));
                  return Optional.<Rejection>empty();
                });
    if (refusal.isEmpty()) {
      LOG.log(Level.INFO, "deployment {0} abandoned by {1}", deploymentId, who(context));
    }
    return refusal;
  }

  @Override
  public Optional<Rejection> resetDelay(AppId app, CommandContext context) {
    Optional<Rejection> refusal =
        stores
            .transactions()
            .inTransaction(
                () -> {
                  lockTree();
                  boolean queued =
                      stores.deployments().queue().stream().anyMatch(q -> q.appId().equals(app));
                  if (!queued) {
                    return Optional.<Rejection>of(new Rejection.NotQueued(app));
                  }
                  stores.revisions().next();
                  stores.deployments().forgetDelay(app);
                  feed.announce(EnumSet.of(Topic.INTENT));
                  return Optional.<Rejection>empty();
                });
    if (refusal.isEmpty()) {
      LOG.log(Level.INFO, "{0}: launch delay ended by {1}", app, who(context));
    }
    return refusal;
  }

  /** The app tree under its lock. */
  private record Tree(Instant version, Map<AppId, AppSpec> apps) {}

  private Tree lockTree() {
    Instant version = stores.apps().lockRoot();
    Map<AppId, AppSpec> apps = new TreeMap<>();
    stores.apps().all().forEach(spec -> apps.put(spec.id(), spec));
    return new Tree(version, apps);
  }

  /**
   * Stores a change of the tree with its deployment, or refuses it and has written nothing but the
   * event that says so.
   *
   * @param cancelled deployments that end whatever the change touches
   */
  private CommandResult store(
      Change.Proceed proceed, Tree tree, List<Deployment> cancelled, CommandContext context) {
    Instant now = now();
    Instant version = versionAfter(tree.version, now);
    Optional<List<AppSpec>> assigned = servicePorts.assign(proceed.upserts(), tree.apps);
    if (assigned.isEmpty()) {
      return new CommandResult.Refused(
          new Rejection.ServicePortsExhausted(servicePortRange.from(), servicePortRange.to()));
    }
    TreeChange change =
        TreeChange.of(assigned.get(), proceed.removals(), proceed.restarts(), tree.apps, version);
    List<Violation> violations = change.violations(stores.apps().groups());
    if (!violations.isEmpty()) {
      return new CommandResult.Refused(new Rejection.Invalid(violations));
    }
    List<Deployment> conflicts = change.conflicts(stores.deployments().running());
    if (!conflicts.isEmpty() && !context.force()) {
      return locked(change, version, conflicts, now);
    }
    Set<Deployment> overridden = new LinkedHashSet<>(cancelled);
    overridden.addAll(conflicts);
    Deployment deployment = change.deployment(deploymentIds.get(), version, now, overridden);
    write(change, deployment, overridden, now);
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
    return new CommandResult.Accepted(deployment.id(), version, change.asked());
  }

  private void write(
      TreeChange change, Deployment deployment, Set<Deployment> overridden, Instant now) {
    stores.revisions().next();
    overridden.forEach(old -> cancel(old, now));
    change.changed().forEach(stores.apps()::save);
    change.removed().forEach(stores.apps()::remove);
    stores.apps().setRootVersion(deployment.version());
    stores.vips().retain(VipNames.canonicalNames(change.after().values()), now);
    stores.deployments().save(deployment);
  }

  private CommandResult locked(
      TreeChange change, Instant version, List<Deployment> conflicts, Instant now) {
    List<String> ids = conflicts.stream().map(Deployment::id).toList();
    String reason =
        "App is locked by one or more deployments. Override with the option '?force=true'. View"
            + " details at '/v2/deployments/<DEPLOYMENT_ID>'.";
    events.publish(new ClusterEvent.GroupChangeFailed(now, change.group(), version, reason));
    feed.announce(EnumSet.of(Topic.EVENTS));
    return new CommandResult.Refused(new Rejection.Locked(ids));
  }

  private void cancel(Deployment deployment, Instant now) {
    Deployment ended = deployment.ended(Deployment.Status.FAILED, CANCELLED, now);
    stores.deployments().save(ended);
    events.publish(new ClusterEvent.DeploymentFailed(now, ended, CANCELLED));
  }

  /** Puts back what the deployment touched: created apps go, removed and changed ones return. */
  private static Change.Proceed revert(Deployment deployment) {
    Set<AppId> created = new TreeSet<>();
    deployment.target().forEach(spec -> created.add(spec.id()));
    deployment.origin().forEach(spec -> created.remove(spec.id()));
    return new Change.Proceed(deployment.origin(), created, Set.of());
  }

  private Optional<Deployment> running(String id) {
    return stores.deployments().running().stream().filter(d -> d.id().equals(id)).findFirst();
  }

  private List<Task> active(Set<TaskId> ids) {
    return ids.stream()
        .sorted()
        .flatMap(id -> stores.tasks().find(id).stream())
        .filter(Task::isActive)
        .toList();
  }

  private void kill(List<Task> tasks, KillReason reason) {
    if (!tasks.isEmpty()) {
      stores.revisions().next();
      stores.tasks().kill(tasks.stream().map(Task::id).toList(), reason, now());
      feed.announce(EnumSet.of(Topic.GOALS));
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** Versions are milliseconds and strictly increasing, whatever the clock does. */
  private static Instant versionAfter(Instant root, Instant now) {
    Instant next = root.truncatedTo(ChronoUnit.MILLIS).plusMillis(1);
    return now.isAfter(next) ? now : next;
  }

  private static void log(CommandContext context, CommandResult result) {
    if (result instanceof CommandResult.Accepted accepted) {
      LOG.log(
          Level.INFO,
          "{0} by {1}: deployment {2} to version {3}",
          context.uri(),
          who(context),
          accepted.deploymentId(),
          accepted.version());
    } else if (result instanceof CommandResult.Refused refused) {
      LOG.log(
          Level.INFO, "{0} by {1} refused: {2}", context.uri(), who(context), refused.rejection());
    }
  }

  private static String who(CommandContext context) {
    return context.clientIp();
  }
}
