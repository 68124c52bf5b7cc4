package io.dromos.api;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.PortSpec;
import io.dromos.control.CommandContext;
import io.dromos.control.Commands;
import io.dromos.placement.Agent;
import io.dromos.store.Stores;
import io.dromos.task.Task;
import io.dromos.task.TaskId;
import io.dromos.task.TaskState;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code /v2/tasks}: the tasks of all apps, and killing some (marathon-api reference, 1.7). */
@Path("tasks")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class TasksResource {
  /** Body of a bulk kill. */
  public record IdsJson(@Nullable List<String> ids) {}

  @Inject private Stores stores;
  @Inject private Commands commands;
  @Context private HttpServletRequest request;

  @GET
  public Response list(
      @QueryParam("status") List<String> status, @QueryParam("status[]") List<String> more) {
    List<String> wanted = new ArrayList<>(status);
    wanted.addAll(more);
    return stores
        .transactions()
        .inTransaction(
            () -> {
              Map<AppId, AppSpec> apps = apps();
              Map<String, Agent> agents = agents(stores);
              return Responses.ok(
                  new TaskJson.TaskListJson(
                      select(stores.tasks().all(), wanted).stream()
                          .map(
                              t ->
                                  TaskJson.of(
                                      t, apps.get(t.appId()), agents.get(t.goal().agent()), true))
                          .toList()));
            });
  }

  @GET
  @Produces("text/plain;qs=0.5")
  public String listAsText() {
    return stores.transactions().inTransaction(() -> asText(apps().values(), stores.tasks().all()));
  }

  @POST
  @Path("delete")
  @Consumes(MediaType.APPLICATION_JSON)
  public Response kill(
      IdsJson body,
      @QueryParam("scale") @Nullable String scale,
      @QueryParam("wipe") @Nullable String wipe,
      @QueryParam("force") @Nullable String force) {
    if (flag(scale) && flag(wipe)) {
      return Responses.message(400, "You cannot use scale and wipe at the same time.");
    }
    Set<TaskId> ids = new LinkedHashSet<>();
    for (String text : body.ids() == null ? List.<String>of() : body.ids()) {
      Optional<TaskId> id = TaskId.parse(text);
      if (id.isEmpty()) {
        return Responses.message(
            400, "Invalid task id '" + text + "'. [unknown task id format: " + text + "]");
      }
      ids.add(id.get());
    }
    CommandContext context = context(request, flag(force));
    if (flag(scale)) {
      return Responses.result(commands.killAndScale(ids, context));
    }
    List<Task> killed = commands.kill(ids, flag(wipe), context);
    Map<AppId, AppSpec> apps = apps();
    Map<String, Agent> agents = agents(stores);
    return Responses.ok(
        new TaskJson.TaskListJson(
            killed.stream()
                .map(t -> TaskJson.of(t, apps.get(t.appId()), agents.get(t.goal().agent()), false))
                .toList()));
  }

  private Map<AppId, AppSpec> apps() {
    return stores.apps().all().stream().collect(Collectors.toMap(AppSpec::id, Function.identity()));
  }

  static Map<String, Agent> agents(Stores stores) {
    return stores.agents().all().stream()
        .collect(Collectors.toMap(Agent::name, Function.identity()));
  }

  static CommandContext context(HttpServletRequest request, boolean force) {
    return new CommandContext(request.getRemoteAddr(), request.getRequestURI(), force, false);
  }

  /** Only {@code true}, in any case, is true (marathon-api reference, 1.2). */
  static boolean flag(@Nullable String text) {
    return text != null && text.equalsIgnoreCase("true");
  }

  /** Unknown states are ignored; when only such are given, nothing is filtered. */
  static List<Task> select(List<Task> tasks, List<String> status) {
    Set<TaskState> wanted = EnumSet.noneOf(TaskState.class);
    for (String word : status) {
      switch (word.toLowerCase(Locale.ROOT)) {
        case "running" -> wanted.add(TaskState.RUNNING);
        case "staging" -> wanted.add(TaskState.STAGING);
        default -> {
          // Marathon ignores it.
        }
      }
    }
    return tasks.stream()
        .filter(t -> wanted.isEmpty() || wanted.contains(t.state()))
        .sorted(Comparator.comparing(Task::appId).thenComparing(Task::id))
        .toList();
  }

  /** One line per app and port with the running tasks; every field ends with a tab. */
  static String asText(Collection<AppSpec> apps, List<Task> tasks) {
    Map<AppId, List<Task>> running =
        tasks.stream()
            .filter(Task::isRunning)
            .sorted(Comparator.comparing(Task::id))
            .collect(Collectors.groupingBy(Task::appId));
    StringBuilder text = new StringBuilder();
    apps.stream()
        .sorted(Comparator.comparing(AppSpec::id))
        .forEach(app -> appendLines(text, app, running.getOrDefault(app.id(), List.of())));
    return text.toString();
  }

  private static void appendLines(StringBuilder text, AppSpec app, List<Task> running) {
    if (app.ports().isEmpty()) {
      text.append(app.id().safe()).append("\t \t");
      running.forEach(t -> text.append(t.goal().host()).append('\t'));
      text.append('\n');
    }
    int hostPort = 0;
    for (PortSpec port : app.ports()) {
      text.append(app.id().safe()).append('\t').append(port.servicePort()).append('\t');
      if (port.hostPort() != null) {
        for (Task task : running) {
          List<Integer> ports = task.goal().hostPorts();
          if (hostPort < ports.size()) {
            text.append(task.goal().host()).append(':').append(ports.get(hostPort)).append('\t');
          }
        }
        hostPort++;
      }
      text.append('\n');
    }
  }
}
