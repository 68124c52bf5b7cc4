package io.dromos.cli;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code package}: the catalogue, in the media types of Cosmos. */
@Command(
    name = "package",
    mixinStandardHelpOptions = true,
    description = "The package catalogue.",
    footer = {"%nExample:%n  dromos package install marathon-lb"})
final class PackageCommand extends CommandGroup {
  private final CommandContext context;

  PackageCommand(CommandContext context) {
    this.context = context;
  }

  @Command(
      name = "search",
      mixinStandardHelpOptions = true,
      description = "List the packages whose name or text has a word.")
  int search(
      @Parameters(arity = "0..1", paramLabel = "WORD", description = "All of them unless given.")
          @Nullable String word,
      @Option(names = "--json", description = "Print JSON.") boolean json)
      throws CommandFailedException {
    JsonObject query = new JsonObject();
    if (word != null) {
      query.put("query", word);
    }
    JsonObject found = ask("search", query);
    if (json) {
      context.print(found);
      return 0;
    }
    Table table = new Table("NAME", "VERSION", "DESCRIPTION");
    for (JsonObject item : Json.objects(found.get("packages"))) {
      table.row(
          item.getString("name", ""),
          item.getString("currentVersion", ""),
          item.getString("description", ""));
    }
    if (table.isEmpty()) {
      throw new CommandFailedException("No packages found.");
    }
    table.print(context.out());
    return 0;
  }

  @Command(
      name = "install",
      mixinStandardHelpOptions = true,
      description = "Install a package, and say what that means here.")
  int install(
      @Parameters(paramLabel = "NAME", description = "Such as marathon-lb.") String name,
      @Option(names = "--options", paramLabel = "FILE", description = "Options in JSON.")
          @Nullable String options,
      @Option(names = "--app-id", paramLabel = "ID", description = "Id of the app to make.")
          @Nullable String appId,
      @Option(names = "--yes", description = "Taken as given: nothing is asked.") boolean yes)
      throws CommandFailedException {
    JsonObject request = named(name);
    if (options != null) {
      request.put("options", Json.object(Definitions.read(context, options), options));
    }
    if (appId != null) {
      request.put("appId", appId);
    }
    JsonObject described = ask("describe", named(name));
    JsonObject about = described.getObject("package", described);
    notes(about, "preInstallNotes");
    JsonObject answer = ask("install", request);
    String notes = answer.getString("postInstallNotes", about.getString("postInstallNotes", ""));
    if (!notes.isEmpty()) {
      context.out().println(notes.strip());
    }
    return 0;
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List the installed packages.")
  int list(@Option(names = "--json", description = "Print JSON.") boolean json)
      throws CommandFailedException {
    JsonArray packages = ask("list", new JsonObject()).getArray("packages", new JsonArray());
    if (json) {
      context.print(packages);
      return 0;
    }
    Table table = new Table("NAME", "VERSION", "APP", "DESCRIPTION");
    for (JsonObject item : Json.objects(packages)) {
      JsonObject definition =
          item.getObject("packageInformation", new JsonObject())
              .getObject("packageDefinition", new JsonObject());
      table.row(
          definition.getString("name", ""),
          definition.getString("version", ""),
          item.getString("appId", "---"),
          definition.getString("description", ""));
    }
    if (table.isEmpty()) {
      throw new CommandFailedException(
          "There are currently no installed packages. Please use 'package install' to install a"
              + " package.");
    }
    table.print(context.out());
    return 0;
  }

  @Command(
      name = "uninstall",
      mixinStandardHelpOptions = true,
      description = "Remove an installed package.")
  int uninstall(
      @Parameters(paramLabel = "NAME", description = "Such as marathon-lb.") String name,
      @Option(names = "--app-id", paramLabel = "ID", description = "Of its app, if it has several.")
          @Nullable String appId,
      @Option(names = "--all", description = "All of its apps.") boolean all,
      @Option(names = "--yes", description = "Taken as given: nothing is asked.") boolean yes)
      throws CommandFailedException {
    JsonObject request = named(name);
    if (appId != null) {
      request.put("appId", appId);
    }
    if (all) {
      request.put("all", true);
    }
    for (JsonObject result : Json.objects(ask("uninstall", request).get("results"))) {
      String notes = result.getString("postUninstallNotes", "");
      context.out().println(notes.isEmpty() ? "Uninstalled package [" + name + "]" : notes.strip());
    }
    return 0;
  }

  private JsonObject ask(String operation, JsonObject request) throws CommandFailedException {
    Server server = context.server();
    return server
        .require(
            server.send(
                "POST",
                "/package/" + operation,
                Server.json(request),
                media(operation + "-request"),
                media(operation + "-response") + "," + media("error")))
        .object();
  }

  private void notes(JsonObject about, String key) {
    String notes = about.getString(key, "");
    if (!notes.isEmpty()) {
      context.out().println(notes.strip());
    }
  }

  private static JsonObject named(String name) {
    JsonObject request = new JsonObject();
    request.put("packageName", name);
    return request;
  }

  private static String media(String what) {
    return "application/vnd.dcos.package."
        + what
        + "+json;charset=utf-8;version="
        + (what.equals("describe-response") ? "v3" : "v1");
  }
}
