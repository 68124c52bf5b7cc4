package io.dromos.cli;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code node}: the machines. */
@Command(
    name = "node",
    mixinStandardHelpOptions = true,
    description = "The nodes of the cluster. By itself it lists them.",
    footer = {"%nExample:%n  dromos node"})
final class NodeCommand extends CommandGroup {
  private final CommandContext context;

  NodeCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws CommandFailedException {
    return list(false);
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List the nodes with what they have and what is used.")
  int list(@Option(names = "--json", description = "Print JSON.") boolean json)
      throws CommandFailedException {
    JsonArray nodes =
        context.server().object("/mesos/master/state").getArray("slaves", new JsonArray());
    if (json) {
      context.print(nodes);
      return 0;
    }
    Table table = new Table("HOSTNAME", "ID", "TYPE", "STATUS", "CPUS", "MEM");
    for (JsonObject node : Json.objects(nodes)) {
      table.row(
          node.getString("hostname", ""),
          node.getString("id", ""),
          "agent",
          node.getBoolean("active", true) ? "ACTIVE" : "INACTIVE",
          share(node, "cpus"),
          share(node, "mem"));
    }
    table.sorted(0).print(context.out());
    return 0;
  }

  private static String share(JsonObject node, String resource) {
    return trimmed(node.getObject("used_resources", new JsonObject()).getDouble(resource))
        + "/"
        + trimmed(node.getObject("resources", new JsonObject()).getDouble(resource));
  }

  /** Two decimals at most: sums of tenths are not exact. */
  static String trimmed(double number) {
    return new java.math.BigDecimal(number)
        .setScale(2, java.math.RoundingMode.HALF_UP)
        .stripTrailingZeros()
        .toPlainString();
  }
}
