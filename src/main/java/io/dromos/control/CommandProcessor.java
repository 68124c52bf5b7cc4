package io.dromos.control;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.AppTree;
import io.dromos.cluster.ChangeFeed;
import io.dromos.cluster.Topic;
import io.dromos.deployment.Deployment;
import io.dromos.placement.Agent.PortRange;
import io.dromos.store.EventLog;
import io.dromos.store.Stores;
import io.dromos.task.KillReason;
import io.dromos.task.Task;
import io.dromos.task.TaskId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Records what users want. Every command is one transaction under the lock of the app tree: decide,
 * check the rules of the tree and the locks of running deployments, store, and tell. Runs on any
 * node; only the leader's loop acts on what is stored here.
 */
public final class CommandProcessor implements Commands, Expiry {
  private static final Logger LOG = System.getLogger(CommandProcessor.class.getName());

  private static final CommandContext DEADLINE =
      new CommandContext("the server", "deadline", true, false);

  private final Stores stores;
  private final ChangeFeed feed;
  private final TreeWriter tree;

  /**
   * @param servicePorts range that service ports are assigned from
   * @param deploymentIds random UUIDs
   * @param deadlineSeconds of deployments of apps that ask for no deadline themselves; 0 for none
   */
  public CommandProcessor(
      Stores stores,
      EventLog events,
      ChangeFeed feed,
      Clock clock,
      PortRange servicePorts,
      Supplier<String> deploymentIds,
      int deadlineSeconds) {
    this.stores = stores;
    this.feed = feed;
    this.tree =
        new TreeWriter(stores, events, feed, clock, servicePorts, deploymentIds, deadlineSeconds);
  }

  @Override
  public CommandResult change(Change change, CommandContext context) {
    CommandResult result =
        stores
            .transactions()
            .inTransaction(
                () -> {
                  AppTree locked = tree.lock();
                  Change.Decision decision = change.decide(locked);
                  if (decision instanceof Change.Proceed proceed) {
                    return tree.store(proceed, locked, TreeWriter.Undoing.NOTHING, context);
                  }
                  return new CommandResult.Refused(((Change.Refuse) decision).rejection());
                });
    log(context, result);
    return result;
  }

  @Override
  public Forecast forecast(Change change) {
    return stores
        .transactions()
        .inTransaction(
            () -> {
              AppTree now = stores.apps().tree();
              Change.Decision decision = change.decide(now);
              return decision instanceof Change.Proceed proceed
                  ? tree.forecast(proceed, now)
                  : new Forecast.Refused(((Change.Refuse) decision).rejection());
            });
  }

  @Override
  public List<Task> kill(Set<TaskId> ids, boolean wipe, CommandContext context) {
    List<Task> killed =
        stores
            .transactions()
            .inTransaction(
                () -> {
                  tree.lock();
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
                  AppTree locked = tree.lock();
                  List<Task> found =
                      active(ids).stream().filter(t -> t.goal().wantsRunning()).toList();
                  Map<AppId, Integer> counts = new TreeMap<>();
                  found.forEach(task -> counts.merge(task.appId(), 1, Integer::sum));
                  List<AppSpec> scaled = new ArrayList<>();
                  counts.forEach(
                      (id, count) -> {
                        AppSpec spec = locked.apps().get(id);
                        if (spec != null) {
                          scaled.add(spec.withInstances(Math.max(0, spec.instances() - count)));
                        }
                      });
                  CommandResult stored =
                      tree.store(
                          new Change.Proceed(scaled, Set.of(), Set.of()),
                          locked,
                          TreeWriter.Undoing.NOTHING,
                          context);
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
    CommandResult result =
        stores
            .transactions()
            .inTransaction(
                () -> {
                  AppTree locked = tree.lock();
                  Optional<Deployment> deployment = tree.running(deploymentId);
                  if (deployment.isEmpty()) {
                    return new CommandResult.Refused(
                        new Rejection.DeploymentNotFound(deploymentId));
                  }
                  return undo(
                      deployment.get(),
                      Reversal.asked(deployment.get(), locked, stores.apps()),
                      TreeWriter.CANCELLED,
                      locked,
                      context.forced());
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
                  tree.lock();
                  Optional<Deployment> deployment = tree.running(deploymentId);
                  if (deployment.isEmpty()) {
                    return Optional.<Rejection>of(new Rejection.DeploymentNotFound(deploymentId));
                  }
                  stores.revisions().next();
                  tree.end(deployment.get(), TreeWriter.CANCELLED, tree.now());
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
                  tree.lock();
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

  @Override
  public void expire(Deployment deployment, String why, Runnable fence) {
    stores
        .transactions()
        .inTransaction(
            () -> {
              AppTree locked = tree.lock();
              fence.run();
              return tree.running(deployment.id()).map(running -> expire(running, why, locked));
            })
        .ifPresent(
            result ->
                LOG.log(
                    Level.WARNING, "deployment {0} failed: {1} {2}", deployment.id(), why, result));
  }

  private CommandResult expire(Deployment running, String why, AppTree locked) {
    CommandResult result =
        undo(running, Reversal.failed(running, locked.apps()), why, locked, DEADLINE);
    if (result instanceof CommandResult.Refused refused) {
      // What worked last cannot come back: at least nobody is locked out any more.
      stores.revisions().next();
      tree.end(
          running,
          why + " What worked before could not be restored: " + refused.rejection(),
          tree.now());
      feed.announce(EnumSet.of(Topic.INTENT, Topic.EVENTS));
    }
    return result;
  }

  private CommandResult undo(
      Deployment undone, Reversal reversal, String reason, AppTree locked, CommandContext context) {
    return tree.store(
        reversal.change(),
        locked,
        new TreeWriter.Undoing(undone, reason, reversal.kept()),
        context);
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
      stores.tasks().kill(tasks.stream().map(Task::id).toList(), reason, tree.now());
      feed.announce(EnumSet.of(Topic.GOALS));
    }
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
