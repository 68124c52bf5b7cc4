package io.dromos.cli;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code marathon}: apps, deployments, groups, tasks and the scheduler itself. */
@Command(
    name = "marathon",
    mixinStandardHelpOptions = true,
    description = "Apps, their deployments, groups and tasks.",
    subcommands = {
      AppCommand.class,
      DeploymentCommand.class,
      GroupCommand.class,
      MarathonTaskCommand.class,
      MarathonCommand.Debug.class
    },
    footer = {
      "%nExamples:",
      "  dromos marathon app add app.json",
      "  dromos marathon deployment list"
    })
final class MarathonCommand extends CommandGroup {
  private final CommandContext context;

  MarathonCommand(CommandContext context) {
    this.context = context;
  }

  @Command(
      name = "about",
      mixinStandardHelpOptions = true,
      description = "Print what the scheduler says of itself, as JSON.")
  int about() throws CommandFailedException {
    context.print(context.server().object("/v2/info"));
    return 0;
  }

  @Command(
      name = "ping",
      mixinStandardHelpOptions = true,
      description = "Ask the server whether it answers.")
  int ping() throws CommandFailedException {
    Server server = context.server();
    context.out().println(server.require(server.get("/ping")).body().strip());
    return 0;
  }

  /** {@code marathon debug}. */
  @Command(
      name = "debug",
      mixinStandardHelpOptions = true,
      description = "What waits to be started, and why.",
      footer = {"%nExample:%n  dromos marathon debug list"})
  static final class Debug extends CommandGroup {
    private final CommandContext context;

    Debug(CommandContext context) {
      this.context = context;
    }

    @Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "List the apps that wait for launches.")
    int list(@Option(names = "--json", description = "Print JSON.") boolean json)
        throws CommandFailedException {
      JsonArray queue = context.server().object("/v2/queue").getArray("queue", new JsonArray());
      if (json) {
        context.print(queue);
        return 0;
      }
      Table table = new Table("ID", "SINCE", "INSTANCES TO LAUNCH", "DELAYED", "OFFERS REFUSED");
      for (JsonObject entry : Json.objects(queue)) {
        JsonObject delay = entry.getObject("delay", new JsonObject());
        table.row(
            entry.getObject("app", new JsonObject()).getString("id", ""),
            entry.getString("since", "---"),
            entry.getInt("count"),
            delay.getBoolean("overdue", true) ? "no" : delay.getLong("timeLeftSeconds") + " s",
            entry
                .getObject("processedOffersSummary", new JsonObject())
                .getInt("unusedOffersCount"));
      }
      table.print(context.out());
      return 0;
    }
  }
}
