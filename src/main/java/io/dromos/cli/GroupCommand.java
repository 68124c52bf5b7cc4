package io.dromos.cli;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code marathon group}: see, create, change, scale and remove groups. */
@Command(
    name = "group",
    mixinStandardHelpOptions = true,
    description = "Groups of apps: see, create, change, scale and remove them.",
    footer = {
      "%nExamples:",
      "  dromos marathon group add shop.json           a file, an address, or - for standard input",
      "  dromos marathon group update /shop 'dependencies=[\"/db\"]' --dry-run",
      "  dromos marathon group scale /shop 2           twice as many instances of every app",
      "  dromos marathon group show /shop"
    })
final class GroupCommand extends CommandGroup {
  private static final String GROUPS = "/v2/groups";

  private final CommandContext context;

  GroupCommand(CommandContext context) {
    this.context = context;
  }

  @Command(
      name = "add",
      mixinStandardHelpOptions = true,
      description = {
        "Create a group with all that its definition holds.",
        "Without a definition, --id creates an empty one."
      },
      footer = {
        "%nExamples:",
        "  dromos marathon group add shop.json",
        "  dromos marathon group add --id /shop"
      })
  int add(
      @Parameters(
              arity = "0..1",
              paramLabel = "FILE",
              description = "Definition in JSON: file, http(s) address, or - (standard input).")
          @Nullable String file,
      @Option(names = "--id", paramLabel = "ID", description = "Of the group; or in its JSON.")
          @Nullable String id)
      throws CommandFailedException {
    JsonObject group = new JsonObject();
    if (file != null || id == null) {
      String source = file == null || file.equals("-") ? "standard input" : file;
      group = Json.object(Definitions.read(context, file), source);
    }
    if (id != null) {
      group.put("id", id);
    }
    if (!group.isString("id")) {
      throw new CommandFailedException("the group has no id: give --id, or \"id\" in its JSON");
    }
    deployed(context.server().send("POST", GROUPS, Server.json(group)));
    return 0;
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List the groups below the root.")
  int list(@Option(names = "--json", description = "Print JSON.") boolean json)
      throws CommandFailedException {
    JsonArray groups = context.server().object(GROUPS).getArray("groups", new JsonArray());
    if (json) {
      context.print(groups);
      return 0;
    }
    Table table = new Table("ID", "APPS", "ENFORCE_ROLE");
    for (JsonObject group : Json.objects(groups)) {
      table.row(group.getString("id", ""), apps(group), group.getBoolean("enforceRole"));
    }
    table.sorted(0).print(context.out());
    return 0;
  }

  private static int apps(JsonObject group) {
    int count = Json.objects(group.get("apps")).size();
    for (JsonObject child : Json.objects(group.get("groups"))) {
      count += apps(child);
    }
    return count;
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Print a group and everything in it, as JSON.")
  int show(
      @Parameters(paramLabel = "ID", description = "Such as /shop.") String id,
      @Option(
              names = "--group-version",
              paramLabel = "VERSION",
              description = "As it was, by a time that 'versions' lists.")
          @Nullable String version)
      throws CommandFailedException {
    String path = Server.path(GROUPS, id);
    context.print(
        context
            .server()
            .object(version == null ? path : path + "/versions/" + Server.encode(version)));
    return 0;
  }

  @Command(
      name = "versions",
      mixinStandardHelpOptions = true,
      description = "List the times at which something changed while the group was there.")
  int versions(@Parameters(paramLabel = "ID", description = "Such as /shop.") String id)
      throws CommandFailedException {
    context.print(context.server().array(Server.path(GROUPS, id) + "/versions"));
    return 0;
  }

  @Command(
      name = "update",
      mixinStandardHelpOptions = true,
      description = {
        "Change properties of a group; the others stay. Apps and groups that are given",
        "replace those there are. Without properties, those in the JSON on standard input."
      },
      footer = {
        "%nExamples:",
        "  dromos marathon group update /shop 'dependencies=[\"/db\"]'",
        "  dromos marathon group update /shop version=2026-11-02T10:00:00.123Z   roll back",
        "  dromos marathon group update /shop --dry-run < shop.json"
      })
  int update(
      @Parameters(paramLabel = "ID", description = "Such as /shop.") String id,
      @Parameters(
              arity = "0..*",
              paramLabel = "NAME=VALUE",
              description = "The value in JSON; text needs no quotes.")
          @Nullable List<String> properties,
      @Option(names = "--force", description = "Override deployments that hold an app of it.")
          boolean force,
      @Option(names = "--dry-run", description = "Print the steps it would take, as JSON.")
          boolean dryRun)
      throws CommandFailedException {
    JsonObject body =
        properties == null || properties.isEmpty()
            ? Json.object(context.input(), "standard input")
            : Definitions.properties(properties);
    Server server = context.server();
    String path = Server.path(GROUPS, id);
    if (!body.has("version")) {
      // A PUT to an unknown id would create it: that is what 'add' is for.
      server.object(path);
    }
    if (dryRun) {
      String query = path + "?dryRun=true";
      context.print(server.require(server.send("PUT", query, Server.json(body))).object());
    } else {
      deployed(server.send("PUT", path + force(force), Server.json(body)));
    }
    return 0;
  }

  @Command(
      name = "scale",
      mixinStandardHelpOptions = true,
      description = "Multiply the instances of every app of a group; fractions are rounded up.")
  int scale(
      @Parameters(paramLabel = "ID", description = "Such as /shop.") String id,
      @Parameters(index = "1", paramLabel = "FACTOR", description = "Such as 2 or 0.5.")
          double factor,
      @Option(names = "--force", description = "Override deployments that hold an app of it.")
          boolean force)
      throws CommandFailedException {
    JsonObject body = new JsonObject();
    body.put("scaleBy", factor);
    deployed(
        context.server().send("PUT", Server.path(GROUPS, id) + force(force), Server.json(body)));
    return 0;
  }

  @Command(
      name = "remove",
      mixinStandardHelpOptions = true,
      description = "Stop and forget every app of a group, and the group.")
  int remove(
      @Parameters(paramLabel = "ID", description = "Such as /shop.") String id,
      @Option(names = "--force", description = "Override deployments that hold an app of it.")
          boolean force)
      throws CommandFailedException {
    if (id.replace("/", "").isEmpty()) {
      throw new CommandFailedException(
          "'" + id + "' is the root: name a group to remove, such as /shop");
    }
    Server server = context.server();
    server.require(server.send("DELETE", Server.path(GROUPS, id) + force(force), null));
    return 0;
  }

  private void deployed(Server.Answer answer) throws CommandFailedException {
    String id = context.server().require(answer).object().getString("deploymentId", "");
    context.out().println("Created deployment " + id);
  }

  private static String force(boolean force) {
    return force ? "?force=true" : "";
  }
}
