package io.dromos.cli;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code marathon app}: define, see, change, stop apps. */
@Command(
    name = "app",
    mixinStandardHelpOptions = true,
    description = "Define, see, change and stop apps.",
    subcommands = AppCommand.Version.class,
    footer = {
      "%nExamples:",
      "  dromos marathon app add app.json              a file, an address, or - for standard input",
      "  dromos marathon app update /sise instances=3 env='{\"LEVEL\":\"debug\"}'",
      "  dromos marathon app show /sise                its definition, and why it isn't running"
    })
final class AppCommand extends CommandGroup {
  private static final String APPS = "/v2/apps";

  private final CommandContext context;

  AppCommand(CommandContext context) {
    this.context = context;
  }

  @Command(
      name = "add",
      mixinStandardHelpOptions = true,
      description = "Add an app from its definition.",
      footer = "%nExample:%n  dromos marathon app add example-service.json")
  int add(
      @Parameters(
              arity = "0..1",
              paramLabel = "FILE",
              description = "Definition in JSON: file, http(s) address, or - (standard input).")
          @Nullable String file)
      throws CommandFailedException {
    String text = Definitions.read(context, file);
    Json.object(text, file == null || file.equals("-") ? "standard input" : file);
    Server server = context.server();
    JsonObject app = server.require(server.send("POST", APPS, text)).object();
    for (JsonObject deployment : Json.objects(app.get("deployments"))) {
      created(deployment.getString("id"));
    }
    return 0;
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "List all apps.")
  int list(
      @Option(names = "--json", description = "Print JSON.") boolean json,
      @Option(
              names = {"-q", "--quiet"},
              description = "Print ids only.")
          boolean quiet)
      throws CommandFailedException {
    JsonArray apps = context.server().object(APPS).getArray("apps", new JsonArray());
    if (json) {
      context.print(apps);
    } else if (quiet) {
      Json.objects(apps).forEach(app -> context.out().println(app.getString("id")));
    } else {
      new AppTable(context.server()).print(apps, context.out());
    }
    return 0;
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = {
        "Print an app's definition and state as JSON.",
        "Why it isn't running follows on standard error, in sentences."
      })
  int show(
      @Parameters(paramLabel = "ID", description = "Such as /sise.") String id,
      @Option(
              names = "--app-version",
              paramLabel = "VERSION",
              description = "An earlier definition, by its time.")
          @Nullable String version)
      throws CommandFailedException {
    Server server = context.server();
    if (version != null) {
      context.print(server.object(Server.path(APPS, id) + "/versions/" + Server.encode(version)));
      return 0;
    }
    context.print(app(server, id));
    Why.sentences(server, id).forEach(context.err()::println);
    return 0;
  }

  @Command(
      name = "update",
      mixinStandardHelpOptions = true,
      description = {
        "Change properties of an app; the others stay.",
        "Without properties, those in the JSON on standard input."
      },
      footer = {
        "%nExamples:",
        "  dromos marathon app update /sise instances=3",
        "  dromos marathon app update /sise cmd='sleep 100' env='{\"A\":\"b\"}'",
        "  dromos marathon app update /sise < changes.json"
      })
  int update(
      @Parameters(paramLabel = "ID", description = "Such as /sise.") String id,
      @Parameters(
              arity = "0..*",
              paramLabel = "NAME=VALUE",
              description = "The value in JSON; text needs no quotes.")
          @Nullable List<String> properties,
      @Option(names = "--force", description = "Override a deployment that holds the app.")
          boolean force)
      throws CommandFailedException {
    String body =
        properties == null || properties.isEmpty()
            ? Server.json(Json.object(context.input(), "standard input"))
            : Server.json(Definitions.properties(properties));
    Server server = context.server();
    // A PUT to an unknown id would create it: that is what 'add' is for.
    app(server, id);
    deployed(server.send("PUT", Server.path(APPS, id) + force(force), body));
    return 0;
  }

  @Command(
      name = "remove",
      mixinStandardHelpOptions = true,
      description = "Stop an app's tasks and forget it.")
  int remove(
      @Parameters(paramLabel = "ID", description = "Such as /sise.") String id,
      @Option(names = "--force", description = "Override a deployment that holds the app.")
          boolean force)
      throws CommandFailedException {
    Server server = context.server();
    server.require(server.send("DELETE", Server.path(APPS, id) + force(force), null));
    return 0;
  }

  @Command(
      name = "start",
      mixinStandardHelpOptions = true,
      description = "Start an app that has no instances.")
  int start(
      @Parameters(paramLabel = "ID", description = "Such as /sise.") String id,
      @Parameters(
              index = "1",
              arity = "0..1",
              paramLabel = "INSTANCES",
              defaultValue = "1",
              description = "How many, ${DEFAULT-VALUE} unless given.")
          int instances,
      @Option(names = "--force", description = "Override a deployment that holds the app.")
          boolean force)
      throws CommandFailedException {
    Server server = context.server();
    int now = app(server, id).getInt("instances");
    if (now > 0) {
      throw new CommandFailedException(
          "app '" + slashed(id) + "' is already started: " + now + " instances");
    }
    scale(server, id, instances, force);
    return 0;
  }

  @Command(
      name = "stop",
      mixinStandardHelpOptions = true,
      description = "Stop all tasks of an app and keep its definition.")
  int stop(
      @Parameters(paramLabel = "ID", description = "Such as /sise.") String id,
      @Option(names = "--force", description = "Override a deployment that holds the app.")
          boolean force)
      throws CommandFailedException {
    Server server = context.server();
    if (app(server, id).getInt("instances") == 0) {
      throw new CommandFailedException("app '" + slashed(id) + "' is already stopped");
    }
    scale(server, id, 0, force);
    return 0;
  }

  @Command(
      name = "restart",
      mixinStandardHelpOptions = true,
      description = "Replace all tasks of an app, a few at a time.")
  int restart(
      @Parameters(paramLabel = "ID", description = "Such as /sise.") String id,
      @Option(names = "--force", description = "Override a deployment that holds the app.")
          boolean force)
      throws CommandFailedException {
    Server server = context.server();
    if (app(server, id).getInt("instances") == 0) {
      throw new CommandFailedException(
          "app '" + slashed(id) + "' has no instances to restart; 'start' it");
    }
    deployed(server.send("POST", Server.path(APPS, id) + "/restart" + force(force), "{}"));
    return 0;
  }

  @Command(
      name = "kill",
      mixinStandardHelpOptions = true,
      description = "Kill running tasks of an app; they are replaced, unless --scale is given.")
  int kill(
      @Parameters(paramLabel = "ID", description = "Such as /sise.") String id,
      @Option(names = "--scale", description = "Scale the app down by the killed tasks.")
          boolean scale,
      @Option(names = "--host", paramLabel = "HOST", description = "Only tasks on this host.")
          @Nullable String host)
      throws CommandFailedException {
    Server server = context.server();
    String query = "?scale=" + scale + (host == null ? "" : "&host=" + Server.encode(host));
    JsonObject answer =
        server
            .require(server.send("DELETE", Server.path(APPS, id) + "/tasks" + query, null))
            .object();
    if (answer.isString("deploymentId")) {
      created(answer.getString("deploymentId"));
    } else {
      List<String> ids =
          Json.objects(answer.get("tasks")).stream().map(t -> t.getString("id", "")).toList();
      context.out().println("Killed tasks: " + ids);
    }
    return 0;
  }

  private void scale(Server server, String id, int instances, boolean force)
      throws CommandFailedException {
    JsonObject body = new JsonObject();
    body.put("instances", instances);
    deployed(server.send("PUT", Server.path(APPS, id) + force(force), Server.json(body)));
  }

  private void deployed(Server.Answer answer) throws CommandFailedException {
    created(context.server().require(answer).object().getString("deploymentId", ""));
  }

  private void created(String deployment) {
    context.out().println("Created deployment " + deployment);
  }

  private static JsonObject app(Server server, String id) throws CommandFailedException {
    return server.object(Server.path(APPS, id)).getObject("app", new JsonObject());
  }

  private static String force(boolean force) {
    return force ? "?force=true" : "";
  }

  private static String slashed(String id) {
    return id.startsWith("/") ? id : "/" + id;
  }

  /** {@code marathon app version}. */
  @Command(
      name = "version",
      mixinStandardHelpOptions = true,
      description = "Earlier definitions of an app.",
      footer = "%nExample:%n  dromos marathon app version list /sise")
  static final class Version extends CommandGroup {
    private final CommandContext context;

    Version(CommandContext context) {
      this.context = context;
    }

    @Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "List the versions of an app, newest first.")
    int list(
        @Parameters(paramLabel = "ID", description = "Such as /sise.") String id,
        @Option(
                names = "--max-count",
                paramLabel = "N",
                defaultValue = "2147483647",
                description = "At most so many.")
            int max)
        throws CommandFailedException {
      JsonArray versions =
          context
              .server()
              .object(Server.path(APPS, id) + "/versions")
              .getArray("versions", new JsonArray());
      context.print(new JsonArray(versions.subList(0, Math.min(max, versions.size()))));
      return 0;
    }
  }
}
