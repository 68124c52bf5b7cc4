package io.dromos.cli;

import com.grack.nanojson.JsonObject;
import picocli.CommandLine.Command;

/** {@code config}: which server is spoken to, and as whom. */
@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    description = "What the command line is set to.",
    footer = {"%nExample:%n  DROMOS_URL=http://10.0.0.7:8080 dromos config show"})
final class ConfigCommand extends CommandGroup {
  private final CommandContext context;

  ConfigCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws CommandFailedException {
    return show();
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Print the settings in use, and whether they reach a node.")
  int show() throws CommandFailedException {
    String credentials = context.credentials();
    context.out().println("url          " + context.server().base());
    context
        .out()
        .println(
            "credentials  "
                + (credentials == null ? "none" : "of " + credentials.replaceAll(":.*", "")));
    JsonObject info = context.server().object("/v2/info");
    context
        .out()
        .println("server       " + info.getString("name", "") + " " + info.getString("version"));
    return 0;
  }
}
