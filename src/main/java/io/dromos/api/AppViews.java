package io.dromos.api;

import io.dromos.api.TaskJson.TaskFailureJson;
import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.deployment.World;
import io.dromos.store.Stores;
import io.dromos.task.Task;
import io.dromos.task.TaskFailure;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Reads apps with whatever a client wants embedded; each call sees one state of the store. */
@Dependent
public class AppViews {
  private final Stores stores;
  private final Clock clock;

  @Inject
  public AppViews(Stores stores, Clock clock) {
    this.stores = stores;
    this.clock = clock;
  }

  /** All apps that pass the filter, by id. */
  List<AppView> list(Predicate<AppSpec> filter, Embed embed) {
    return read(
        () -> {
          World world = stores.world().load();
          List<AppSpec> apps =
              world.apps().values().stream()
                  .filter(filter)
                  .sorted(Comparator.comparing(AppSpec::id))
                  .toList();
          return render(apps, embed, world);
        });
  }

  Optional<AppView> find(AppId id, Embed embed) {
    return read(
        () -> {
          World world = stores.world().load();
          return Optional.ofNullable(world.apps().get(id))
              .map(app -> render(List.of(app), embed, world).get(0));
        });
  }

  /** One consistent read. */
  <T> T read(Supplier<T> work) {
    return stores.transactions().inTransaction(work);
  }

  List<AppView> render(Collection<AppSpec> apps, Embed embed) {
    return render(apps, embed, stores.world().load());
  }

  private List<AppView> render(Collection<AppSpec> apps, Embed embed, World world) {
    ReadinessReader readiness =
        new ReadinessReader(world, embed.readiness() ? world.deployments() : List.of());
    return apps.stream().map(app -> view(app, embed, world, readiness)).toList();
  }

  private AppView view(AppSpec app, Embed embed, World world, ReadinessReader readiness) {
    boolean needsTasks = embed.tasks() || embed.counts() || embed.taskStats();
    List<Task> tasks = needsTasks ? world.tasksOf(app.id()) : List.of();
    TaskStatsJson.CountsJson counts = TaskStatsJson.CountsJson.of(tasks);
    Optional<TaskFailure> failure =
        embed.lastTaskFailure() ? world.lastFailureOf(app.id()) : Optional.empty();
    return new AppView(
        AppJson.of(app),
        embed.counts() ? counts.staged() : null,
        embed.counts() ? counts.running() : null,
        embed.counts() ? counts.healthy() : null,
        embed.counts() ? counts.unhealthy() : null,
        embed.deployments() ? deployments(app.id(), world) : null,
        embed.readiness() ? readiness.results(app.id()) : null,
        embed.tasks() ? tasks(tasks, app, world) : null,
        failure.map(f -> TaskFailureJson.of(f, world.agent(f.agent()).orElse(null))).orElse(null),
        embed.taskStats() ? TaskStatsJson.of(app, tasks, clock.instant()) : null);
  }

  private static List<ErrorJson.DeploymentRef> deployments(AppId app, World world) {
    return world.deploymentsOf(app).stream().map(d -> new ErrorJson.DeploymentRef(d.id())).toList();
  }

  private static List<TaskJson> tasks(List<Task> tasks, AppSpec app, World world) {
    return tasks.stream()
        .map(t -> TaskJson.of(t, app, world.agent(t.goal().agent()).orElse(null), false))
        .toList();
  }
}
