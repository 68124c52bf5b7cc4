package io.dromos.cli;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code marathon task}. */
@Command(
    name = "task",
    mixinStandardHelpOptions = true,
    description = "Tasks of apps, as the scheduler sees them.",
    footer = {"%nExample:%n  dromos marathon task list /sise"})
final class MarathonTaskCommand extends CommandGroup {
  private final CommandContext context;

  MarathonTaskCommand(CommandContext context) {
    this.context = context;
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List tasks, of one app or all.")
  int list(
      @Parameters(arity = "0..1", paramLabel = "APP", description = "Such as /sise.")
          @Nullable String app,
      @Option(names = "--json", description = "Print JSON.") boolean json)
      throws CommandFailedException {
    String slashed = app == null || app.startsWith("/") ? app : "/" + app;
    JsonArray chosen = new JsonArray();
    Table table = new Table("APP", "HEALTHY", "STARTED", "HOST", "ID");
    for (JsonObject task : Json.objects(context.server().object("/v2/tasks").get("tasks"))) {
      if (slashed == null || slashed.equals(task.getString("appId"))) {
        chosen.add(task);
        table.row(
            task.getString("appId", ""),
            Json.objects(task.get("healthCheckResults")).stream()
                .allMatch(result -> result.getBoolean("alive")),
            task.getString("startedAt", "N/A"),
            task.getString("host", ""),
            task.getString("id", ""));
      }
    }
    if (json) {
      context.print(chosen);
    } else {
      table.sorted(0).print(context.out());
    }
    return 0;
  }

  @Command(name = "show", mixinStandardHelpOptions = true, description = "Print one task as JSON.")
  int show(@Parameters(paramLabel = "ID", description = "Of a task.") String id)
      throws CommandFailedException {
    for (JsonObject task : Json.objects(context.server().object("/v2/tasks").get("tasks"))) {
      if (id.equals(task.getString("id"))) {
        context.print(task);
        return 0;
      }
    }
    throw new CommandFailedException("Task '" + id + "' does not exist");
  }

  @Command(
      name = "stop",
      mixinStandardHelpOptions = true,
      description = "Stop one task; its app starts another.")
  int stop(
      @Parameters(paramLabel = "ID", description = "Of a task.") String id,
      @Option(names = "--wipe", description = "Forget its reserved resources as well.")
          boolean wipe)
      throws CommandFailedException {
    context.print(stop(context.server(), id, wipe));
    return 0;
  }

  /** Asks for the task to be stopped and returns it. */
  static JsonObject stop(Server server, String id, boolean wipe) throws CommandFailedException {
    JsonObject body = new JsonObject();
    body.put("ids", JsonArray.from(id));
    Server.Answer answer = server.send("POST", "/v2/tasks/delete?wipe=" + wipe, Server.json(body));
    return Json.objects(server.require(answer).object().get("tasks")).stream()
        .findFirst()
        .orElseThrow(() -> new CommandFailedException("Task '" + id + "' does not exist"));
  }
}
