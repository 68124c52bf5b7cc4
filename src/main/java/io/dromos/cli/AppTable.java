package io.dromos.cli;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The table of {@code marathon app list}, by the rules of the DC/OS command line. */
final class AppTable {
  private final Server server;

  AppTable(Server server) {
    this.server = server;
  }

  void print(JsonArray apps, PrintStream out) throws CommandFailedException {
    List<JsonObject> deployments = Json.objects(server.array("/v2/deployments"));
    Set<String> waiting = new HashSet<>();
    for (JsonObject entry : Json.objects(server.object("/v2/queue").get("queue"))) {
      waiting.add(entry.getObject("app", new JsonObject()).getString("id", ""));
    }
    Table table =
        new Table(
            "ID", "MEM", "CPUS", "TASKS", "HEALTH", "DEPLOYMENT", "WAITING", "CONTAINER", "CMD");
    for (JsonObject app : Json.objects(apps)) {
      String id = app.getString("id", "");
      table.row(
          id,
          app.getOrDefault("mem", 0),
          app.getOrDefault("cpus", 0),
          app.getInt("tasksRunning") + "/" + app.getInt("instances"),
          health(app),
          actions(id, deployments),
          waiting.contains(id),
          app.getObject("container", new JsonObject()).getString("type", "MESOS"),
          command(app));
    }
    table.sorted(0).print(out);
  }

  private static String health(JsonObject app) {
    return app.getArray("healthChecks", new JsonArray()).isEmpty()
        ? "---"
        : app.getInt("tasksHealthy") + "/" + app.getInt("tasksRunning");
  }

  private static String actions(String id, List<JsonObject> deployments) {
    List<String> actions = new ArrayList<>();
    for (JsonObject deployment : deployments) {
      for (JsonObject action : Json.objects(deployment.get("currentActions"))) {
        if (id.equals(action.getString("app"))) {
          actions.add(shortAction(action.getString("action", "")));
        }
      }
    }
    return actions.isEmpty()
        ? "---"
        : actions.size() == 1 ? actions.get(0) : "(" + String.join(",", actions) + ")";
  }

  /** {@code ScaleApplication} is {@code scale}. */
  static String shortAction(String action) {
    return switch (action) {
      case "ResolveArtifacts" -> "artifacts";
      case "ScaleApplication", "ScalePod" -> "scale";
      case "StartApplication", "StartPod" -> "start";
      case "StopApplication", "StopPod" -> "stop";
      case "RestartApplication", "RestartPod" -> "restart";
      case "KillAllOldTasksOf" -> "kill-tasks";
      default -> action;
    };
  }

  private static String command(JsonObject app) {
    String command = app.getString("cmd", "");
    JsonArray arguments = app.getArray("args", new JsonArray());
    String text = command.isEmpty() && !arguments.isEmpty() ? arguments.toString() : command;
    return text.isEmpty() ? "---" : text.length() > 30 ? text.substring(0, 27) + "..." : text;
  }
}
