package io.dromos.cli;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
      "  dromos marathon deployment rollback 867ed450-f6a8-4d33-9b0e-e11c5513990b"
    })
final class DeploymentCommand extends CommandGroup {
  private static final String DEPLOYMENTS = "/v2/deployments";

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
    return 0;
  }

  @Command(
      name = "watch",
      mixinStandardHelpOptions = true,
      description = "Print a deployment, again and again, until it is done.")
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
          int interval)
      throws CommandFailedException {
    CountDownLatch never = new CountDownLatch(1);
    for (int look = 0; look < max; look++) {
      Optional<JsonObject> found =
          Json.objects(context.server().array(DEPLOYMENTS)).stream()
              .filter(d -> id.equals(d.getString("id")))
              .findFirst();
      if (found.isEmpty()) {
        return 0;
      }
      context.print(found.get());
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

  @Command(
      name = "rollback",
      mixinStandardHelpOptions = true,
      description = "Undo a running deployment by another one.")
  int rollback(@Parameters(paramLabel = "ID", description = "Of a running deployment.") String id)
      throws CommandFailedException {
    Server server = context.server();
    context.print(
        server.require(server.send("DELETE", Server.path(DEPLOYMENTS, id), null)).object());
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
    return 0;
  }

  private static boolean affects(JsonObject deployment, String app) {
    String slashed = app.startsWith("/") ? app : "/" + app;
    return deployment.getArray("affectedApps", new JsonArray()).contains(slashed);
  }
}
