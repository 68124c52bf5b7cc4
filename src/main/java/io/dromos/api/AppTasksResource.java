package io.dromos.api;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.control.CommandContext;
import io.dromos.control.Commands;
import io.dromos.placement.Agent;
import io.dromos.store.Stores;
import io.dromos.task.Task;
import io.dromos.task.TaskId;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code /v2/apps/{id}/tasks} (marathon-api reference, 1.6.11). */
@Path("apps/{id:.+}/tasks")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class AppTasksResource {
  @Inject private Stores stores;
  @Inject private Commands commands;
  @Inject private AppViews views;
  @Context private HttpServletRequest request;

  /** The tasks of one app; with {@code *} at the end, of every app below a group. */
  @GET
  public Response list(@PathParam("id") String id) {
    return views.read(
        () ->
            missing(id)
                .orElseGet(
                    () -> {
                      Predicate<AppId> wanted = wanted(id);
                      return Responses.ok(
                          new TaskJson.TaskListJson(render(tasks(t -> wanted.test(t.appId())))));
                    }));
  }

  @GET
  @Produces("text/plain;qs=0.5")
  public Response listAsText(@PathParam("id") String id) {
    return views.read(
        () ->
            missing(id)
                .orElseGet(
                    () -> {
                      Predicate<AppId> wanted = wanted(id);
                      List<AppSpec> apps =
                          stores.apps().all().stream()
                              .filter(app -> wanted.test(app.id()))
                              .toList();
                      return Response.ok(TasksResource.asText(apps, stores.tasks().all())).build();
                    }));
  }

  @DELETE
  public Response kill(
      @PathParam("id") String id,
      @QueryParam("host") @Nullable String host,
      @QueryParam("scale") @Nullable String scale,
      @QueryParam("wipe") @Nullable String wipe,
      @QueryParam("force") @Nullable String force) {
    if (TasksResource.flag(scale) && TasksResource.flag(wipe)) {
      return Responses.message(400, "You cannot use scale and wipe at the same time.");
    }
    AppId app = AppId.of(id);
    boolean anyHost = host == null || host.isEmpty() || host.equals("*");
    List<Task> killed =
        tasks(t -> t.appId().equals(app) && t.isActive()).stream()
            .filter(t -> anyHost || t.goal().host().equals(host))
            .toList();
    if (TasksResource.flag(scale)) {
      boolean none = tasks(t -> t.appId().equals(app)).isEmpty();
      return none || stores.apps().find(app).isEmpty()
          ? Responses.message(404, "Path '" + app + "' does not exist")
          : Responses.result(commands.killAndScale(ids(killed), context(force)));
    }
    return missing(id)
        .orElseGet(
            () ->
                Responses.ok(
                    new TaskJson.TaskListJson(
                        render(
                            commands.kill(
                                ids(killed), TasksResource.flag(wipe), context(force))))));
  }

  @DELETE
  @Path("{taskId}")
  public Response killOne(
      @PathParam("id") String id,
      @PathParam("taskId") String taskId,
      @QueryParam("scale") @Nullable String scale,
      @QueryParam("wipe") @Nullable String wipe,
      @QueryParam("force") @Nullable String force) {
    if (TasksResource.flag(scale) && TasksResource.flag(wipe)) {
      return Responses.message(400, "You cannot use scale and wipe at the same time.");
    }
    // Some clients read the app's path off the task id and get it wrong; the task id is enough.
    Optional<Task> task = views.read(() -> TaskId.parse(taskId).flatMap(stores.tasks()::find));
    if (task.isEmpty() || !task.get().isActive()) {
      return missing(id)
          .orElseGet(() -> Responses.message(404, "Task '" + taskId + "' does not exist"));
    }
    Set<TaskId> ids = Set.of(task.get().id());
    if (TasksResource.flag(scale)) {
      return Responses.result(commands.killAndScale(ids, context(force)));
    }
    commands.kill(ids, TasksResource.flag(wipe), context(force));
    return Responses.ok(new TaskJson.SingleTaskJson(render(List.of(task.get())).get(0)));
  }

  /** The refusal when there is no such app or group. */
  private Optional<Response> missing(String id) {
    if (isGroup(id)) {
      AppId group = AppId.of(id.substring(0, id.length() - 1));
      return views.read(stores.apps()::groups).contains(group)
          ? Optional.empty()
          : Optional.of(Responses.groupNotFound(group));
    }
    AppId app = AppId.of(id);
    return views.read(() -> stores.apps().find(app)).isPresent()
        ? Optional.empty()
        : Optional.of(Responses.appNotFound(app));
  }

  private static boolean isGroup(String id) {
    return id.equals("*") || id.endsWith("/*");
  }

  private static Predicate<AppId> wanted(String id) {
    AppId path = AppId.of(isGroup(id) ? id.substring(0, id.length() - 1) : id);
    return isGroup(id) ? app -> app.isBelow(path) : path::equals;
  }

  private List<Task> tasks(Predicate<Task> wanted) {
    return views.read(
        () ->
            stores.tasks().all().stream()
                .filter(wanted)
                .sorted(Comparator.comparing(Task::id))
                .toList());
  }

  private List<TaskJson> render(List<Task> tasks) {
    return views.read(
        () -> {
          Map<String, Agent> agents = TasksResource.agents(stores);
          Map<AppId, AppSpec> apps =
              stores.apps().all().stream().collect(Collectors.toMap(AppSpec::id, a -> a));
          return tasks.stream()
              .map(t -> TaskJson.of(t, apps.get(t.appId()), agents.get(t.goal().agent()), false))
              .toList();
        });
  }

  private static Set<TaskId> ids(List<Task> tasks) {
    return tasks.stream().map(Task::id).collect(Collectors.toUnmodifiableSet());
  }

  private CommandContext context(@Nullable String force) {
    return TasksResource.context(request, TasksResource.flag(force));
  }
}
