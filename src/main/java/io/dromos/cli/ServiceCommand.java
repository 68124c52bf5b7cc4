package io.dromos.cli;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code service}: the schedulers, of which Dromos has one. */
@Command(
    name = "service",
    mixinStandardHelpOptions = true,
    description = "The services that run tasks. By itself it lists them.",
    footer = {"%nExample:%n  dromos service"})
final class ServiceCommand extends CommandGroup {
  private final CommandContext context;

  ServiceCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws CommandFailedException {
    return list(false);
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List the active services.")
  int list(@Option(names = "--json", description = "Print JSON.") boolean json)
      throws CommandFailedException {
    JsonArray services =
        context.server().object("/mesos/master/state").getArray("frameworks", new JsonArray());
    if (json) {
      context.print(services);
      return 0;
    }
    Table table = new Table("NAME", "HOST", "ACTIVE", "TASKS", "CPU", "MEM", "DISK", "ID");
    for (JsonObject service : Json.objects(services)) {
      JsonObject resources = service.getObject("resources", new JsonObject());
      table.row(
          service.getString("name", ""),
          service.getString("hostname", ""),
          service.getBoolean("active") ? "True" : "False",
          service.getArray("tasks", new JsonArray()).size(),
          NodeCommand.trimmed(resources.getDouble("cpus")),
          NodeCommand.trimmed(resources.getDouble("mem")),
          NodeCommand.trimmed(resources.getDouble("disk")),
          service.getString("id", ""));
    }
    table.print(context.out());
    return 0;
  }
}
