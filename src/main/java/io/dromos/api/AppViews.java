package io.dromos.api;

import io.dromos.api.TaskJson.TaskFailureJson;
import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.deployment.Deployment;
import io.dromos.placement.Agent;
import io.dromos.store.Stores;
import io.dromos.task.Task;
import io.dromos.task.TaskFailure;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

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
          List<AppSpec> apps =
              stores.apps().all().stream()
                  .filter(filter)
                  .sorted(Comparator.comparing(AppSpec::id))
                  .toList();
          return render(apps, embed);
        });
  }

  Optional<AppView> find(AppId id, Embed embed) {
    return read(() -> stores.apps().find(id).map(app -> render(List.of(app), embed).get(0)));
  }

  /** One consistent read. */
  <T> T read(Supplier<T> work) {
    return stores.transactions().inTransaction(work);
  }

  List<AppView> render(Collection<AppSpec> apps, Embed embed) {
    boolean needsTasks = embed.tasks() || embed.counts() || embed.taskStats();
    Map<AppId, List<Task>> tasks =
        needsTasks
            ? stores.tasks().all().stream()
                .sorted(Comparator.comparing(Task::id))
                .collect(Collectors.groupingBy(Task::appId))
            : Map.of();
    List<Deployment> running =
        embed.deployments() || embed.readiness() ? stores.deployments().running() : List.of();
    ReadinessReader readiness =
        new ReadinessReader(stores, embed.readiness() ? running : List.of());
    Map<AppId, TaskFailure> failures =
        embed.lastTaskFailure() ? stores.tasks().lastFailures() : Map.of();
    Map<String, Agent> agents =
        stores.agents().all().stream().collect(Collectors.toMap(Agent::name, Function.identity()));
    return apps.stream()
        .map(
            app ->
                view(
                    app,
                    embed,
                    tasks.getOrDefault(app.id(), List.of()),
                    running,
                    readiness,
                    Optional.ofNullable(failures.get(app.id())),
                    agents))
        .toList();
  }

  private AppView view(
      AppSpec app,
      Embed embed,
      List<Task> tasks,
      List<Deployment> running,
      ReadinessReader readiness,
      Optional<TaskFailure> failure,
      Map<String, Agent> agents) {
    TaskStatsJson.CountsJson counts = TaskStatsJson.CountsJson.of(tasks);
    return new AppView(
        AppJson.of(app),
        embed.counts() ? counts.staged() : null,
        embed.counts() ? counts.running() : null,
        embed.counts() ? counts.healthy() : null,
        embed.counts() ? counts.unhealthy() : null,
        embed.deployments() ? deployments(app.id(), running) : null,
        embed.readiness() ? readiness.results(app.id()) : null,
        embed.tasks() ? tasks(tasks, app, agents) : null,
        failure.map(f -> TaskFailureJson.of(f, agents.get(f.agent()))).orElse(null),
        embed.taskStats() ? TaskStatsJson.of(app, tasks, clock.instant()) : null);
  }

  private static List<ErrorJson.DeploymentRef> deployments(AppId app, List<Deployment> running) {
    return running.stream()
        .filter(d -> d.affectedApps().contains(app))
        .map(d -> new ErrorJson.DeploymentRef(d.id()))
        .toList();
  }

  private static List<TaskJson> tasks(List<Task> tasks, AppSpec app, Map<String, Agent> agents) {
    return tasks.stream()
        .map(t -> TaskJson.of(t, app, agents.get(t.goal().agent()), false))
        .toList();
  }
}
