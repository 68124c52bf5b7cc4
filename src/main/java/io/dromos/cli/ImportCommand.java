package io.dromos.cli;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code import}: apps and groups from a file or a running Marathon, judged by the server first.
 */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = {
      "Create the apps and groups of a file or of a running Marathon.",
      "Before anything is created, every field and label is listed that will not do here what it"
          + " did there. What exists already and is the same is left alone, so it can be repeated."
    },
    footer = {
      "%nExamples:",
      "  dromos import apps.json --dry-run             the report alone",
      "  dromos import http://marathon.example:8080    everything a Marathon has",
      "  dromos import http://me:secret@host:8080/v2/groups/shop",
      "%nExit status: 0 imported, or nothing to do; 1 something is refused or failed. Nothing is",
      "created while one app is refused, unless --skip-refused is given."
    })
final class ImportCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(
      paramLabel = "FILE|URL",
      description = {
        "An app, a list of apps, {\"apps\":[...]} or a tree of groups, as JSON; - is standard"
            + " input. Of an address without a path the whole tree is read."
      })
  String source;

  @Option(names = "--dry-run", description = "Print the report and create nothing.")
  boolean dryRun;

  @Option(names = "--skip-refused", description = "Create the others when some are refused.")
  boolean skipRefused;

  @Option(names = "--force", description = "Override deployments that run.")
  boolean force;

  @Option(names = "--json", description = "Print the report as the server gives it.")
  boolean json;

  @Option(
      names = "--source-credentials",
      paramLabel = "USER:PASSWORD",
      description = "For the Marathon that is read, if they are not in its URL.")
  @Nullable String sourceCredentials;

  ImportCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws CommandFailedException {
    String text =
        LiveMarathon.isAddress(source)
            ? LiveMarathon.read(source, sourceCredentials)
            : Definitions.read(context, source);
    Server server = context.server();
    JsonObject check = server.require(server.send("POST", "/console/import-check", text)).object();
    List<JsonObject> apps = Json.objects(check.get("apps"));
    List<?> pods = check.getArray("pods", new JsonArray());
    if (json) {
      context.print(check);
    } else {
      report(apps, pods);
    }
    long refused = apps.stream().filter(app -> isIn(app, "refused")).count() + pods.size();
    if (dryRun) {
      return refused == 0 ? 0 : CommandLineMain.FAILED;
    }
    if (refused > 0 && !skipRefused) {
      throw new CommandFailedException(
          "nothing was created: "
              + refused
              + " of them would be refused. Change the source, or import the others with"
              + " --skip-refused");
    }
    create(server, apps);
    return refused == 0 ? 0 : CommandLineMain.FAILED;
  }

  /** One request for all: the server orders the starts by their dependencies. */
  private void create(Server server, List<JsonObject> apps) throws CommandFailedException {
    JsonArray wanted = new JsonArray();
    for (JsonObject app : apps) {
      if (isIn(app, "new") || isIn(app, "changed")) {
        wanted.add(app.get("definition"));
      }
    }
    if (wanted.isEmpty()) {
      context.err().println("Nothing to do.");
      return;
    }
    String path = "/v2/apps?partialUpdate=false" + (force ? "&force=true" : "");
    JsonObject done = server.require(server.send("PUT", path, Server.json(wanted))).object();
    context.err().println("Created deployment " + done.getString("deploymentId"));
  }

  private void report(List<JsonObject> apps, List<?> pods) {
    Table table = new Table("ID", "STATE", "NOT HONOURED AS IT WAS");
    for (JsonObject app : apps) {
      int findings = Json.objects(app.get("findings")).size();
      table.row(app.getString("id"), app.getString("state"), findings == 0 ? "---" : findings);
    }
    pods.forEach(pod -> table.row(pod, "refused", "a pod"));
    table.print(context.out());
    for (JsonObject app : apps) {
      List<JsonObject> findings = Json.objects(app.get("findings"));
      if (!findings.isEmpty()) {
        context.out().println();
        context.out().println(app.getString("id"));
      }
      for (JsonObject finding : findings) {
        context
            .out()
            .println(
                "  %-8s %s: %s"
                    .formatted(
                        finding.getString("what"),
                        finding.getString("path"),
                        finding.getString("words")));
      }
    }
    if (!pods.isEmpty()) {
      context.out().println();
      context.out().println("Pods are not supported: define each container as an app.");
    }
  }

  private static boolean isIn(JsonObject app, String state) {
    return state.equals(app.getString("state"));
  }
}
