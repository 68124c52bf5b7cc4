package io.dromos.cli;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code marathon deployment}. */
@Command(
    name = "deployment",
    mixinStandardHelpOptions = true,
    description = "Changes that are under way.",
    footer = {
      "%nExamples:",
      "  dromos marathon deployment list",
      "  dromos marathon deployment watch 867ed450-f6a8-4d33-9b0e-e11c5513990b",
      "  dromos marathon deployment rollback 867ed450-f6a8-4d33-9b0e-e11c5513990b"
    })
final class DeploymentCommand extends CommandGroup {
  private static final String DEPLOYMENTS = "/v2/deployments";
  private static final String STATUS = "/console/deployments";

  private final CommandContext context;

  DeploymentCommand(CommandContext context) {
    this.context = context;
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List running deployments, of one app or all.")
  int list(
      @Parameters(arity = "0..1", paramLabel = "APP", description = "Such as /sise.")
          @Nullable String app,
      @Option(names = "--json", description = "Print JSON.") boolean json)
      throws CommandFailedException {
    JsonArray all = context.server().array(DEPLOYMENTS);
    JsonArray chosen = new JsonArray();
    for (JsonObject deployment : Json.objects(all)) {
      if (app == null || affects(deployment, app)) {
        chosen.add(deployment);
      }
    }
    if (json) {
      context.print(chosen);
      return 0;
    }
    if (chosen.isEmpty()) {
      throw new CommandFailedException(
          app == null ? "There are no deployments" : "There are no deployments for '" + app + "'");
    }
    Table table = new Table("APP", "ACTION", "PROGRESS", "ID");
    for (JsonObject deployment : Json.objects(chosen)) {
      List<String> actions = new ArrayList<>();
      for (JsonObject action : Json.objects(deployment.get("currentActions"))) {
        actions.add(AppTable.shortAction(action.getString("action", "")));
      }
      table.row(
          Json.join(deployment.getArray("affectedApps", new JsonArray()), ","),
          actions.isEmpty() ? "---" : String.join(",", actions),
          Math.max(0, deployment.getInt("currentStep") - 1) + "/" + deployment.getInt("totalSteps"),
          deployment.getString("id", ""));
    }
    table.print(context.out());
    explain(chosen);
    return 0;
  }

  /** What each of them waits for; a server that isn't Dromos has nothing to say. */
  private void explain(JsonArray chosen) throws CommandFailedException {
    Server.Answer answer = context.server().get(STATUS);
    if (!answer.ok()) {
      return;
    }
    List<String> ids = Json.objects(chosen).stream().map(d -> d.getString("id", "")).toList();
    List<String> sentences =
        Json.objects(answer.object().get("running")).stream()
            .filter(status -> ids.contains(status.getString("id")) && status.isString("sentence"))
            .map(status -> status.getString("sentence"))
            .toList();
    if (!sentences.isEmpty()) {
      context.out().println();
      sentences.forEach(context.out()::println);
    }
  }

  @Command(
      name = "watch",
      mixinStandardHelpOptions = true,
      description = {
        "Follow a deployment until it is done.",
        "A line for every change of what it waits for; fails when the deployment does."
      })
  int watch(
      @Parameters(paramLabel = "ID", description = "Of a running deployment.") String id,
      @Option(
              names = "--max-count",
              paramLabel = "N",
              defaultValue = "2147483647",
              description = "Give up after so many looks.")
          int max,
      @Option(
              names = "--interval",
              paramLabel = "SECONDS",
              defaultValue = "1",
              description = "Between two looks (${DEFAULT-VALUE}).")
          int interval,
      @Option(names = "--json", description = "Print the deployment as JSON at every look.")
          boolean json)
      throws CommandFailedException {
    CountDownLatch never = new CountDownLatch(1);
    String said = "";
    for (int look = 0; look < max; look++) {
      JsonObject status = context.server().object(Server.path(STATUS, id));
      if (json) {
        context.print(status);
      } else {
        String line = line(status);
        if (!line.equals(said)) {
          context.out().println(time(status) + "  " + line);
          said = line;
        }
      }
      if (!"running".equals(status.getString("status"))) {
        return "succeeded".equals(status.getString("status")) ? 0 : 1;
      }
      try {
        if (never.await(Math.max(1, interval), TimeUnit.SECONDS)) {
          break;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    throw new CommandFailedException("deployment " + id + " is still running");
  }

  private static String line(JsonObject status) {
    String state = status.getString("status", "");
    if (!"running".equals(state)) {
      String reason = status.getString("reason", "");
      return state + (reason.isEmpty() ? "" : ": " + reason);
    }
    List<String> actions = new ArrayList<>();
    for (Object action : status.getArray("actions", new JsonArray())) {
      String[] words = String.valueOf(action).split(" ", 2);
      actions.add(AppTable.shortAction(words[0]) + (words.length > 1 ? " " + words[1] : ""));
    }
    return "step "
        + status.getInt("step")
        + "/"
        + status.getInt("steps")
        + (actions.isEmpty() ? "" : " " + String.join(", ", actions))
        + ": "
        + steady(status.getString("waitsFor", ""));
  }

  /** Without the ages of tasks and what is left of delays, which change at every look. */
  private static String steady(String waitsFor) {
    return waitsFor
        .replaceAll("(waits?) \\d+ (?:s|min|h) for the launch delay", "$1 for the launch delay")
        .replaceAll(" (?:runs )?(?:for|asked) \\d+ (?:s|min|h)(?: ago)?", "");
  }

  /** {@code 12:00:03} of the server's clock, in UTC. */
  private static String time(JsonObject status) {
    return status.getString("at", "").replaceAll("^.*T|\\..*$", "");
  }

  @Command(
      name = "rollback",
      mixinStandardHelpOptions = true,
      description = "Undo a running deployment by another one.")
  int rollback(@Parameters(paramLabel = "ID", description = "Of a running deployment.") String id)
      throws CommandFailedException {
    Server server = context.server();
    JsonObject started =
        server.require(server.send("DELETE", Server.path(DEPLOYMENTS, id), null)).object();
    context
        .out()
        .println(
            "Created deployment " + started.getString("deploymentId", "") + ", which undoes " + id);
    return 0;
  }

  @Command(
      name = "stop",
      mixinStandardHelpOptions = true,
      description = "Stop a running deployment where it is.")
  int stop(@Parameters(paramLabel = "ID", description = "Of a running deployment.") String id)
      throws CommandFailedException {
    Server server = context.server();
    server.require(server.send("DELETE", Server.path(DEPLOYMENTS, id) + "?force=true", null));
    context.out().println("Stopped deployment " + id + "; its apps stay as they are now");
    return 0;
  }

  private static boolean affects(JsonObject deployment, String app) {
    String slashed = app.startsWith("/") ? app : "/" + app;
    return deployment.getArray("affectedApps", new JsonArray()).contains(slashed);
  }
}
