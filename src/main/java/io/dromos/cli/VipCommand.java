package io.dromos.cli;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code vip}: named virtual addresses. */
@Command(
    name = "vip",
    mixinStandardHelpOptions = true,
    description = "Virtual addresses of apps. By itself it lists them.",
    footer = {"%nExample:%n  dromos vip list"})
final class VipCommand extends CommandGroup {
  private final CommandContext context;

  VipCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws CommandFailedException {
    return list(false);
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List the virtual addresses and what stands behind them.")
  int list(@Option(names = "--json", description = "Print JSON.") boolean json)
      throws CommandFailedException {
    JsonArray vips = context.server().object("/console/vips").getArray("vips", new JsonArray());
    if (json) {
      context.print(vips);
      return 0;
    }
    Table table = new Table("NAME", "PORT", "PROTOCOL", "ADDRESS", "BACKENDS");
    for (JsonObject vip : Json.objects(vips)) {
      table.row(
          vip.getString("name", ""),
          vip.getInt("port"),
          vip.getString("protocol", "").toLowerCase(Locale.ROOT),
          vip.getString("address", ""),
          Routes.backends(vip));
    }
    table.sorted(0).print(context.out());
    return 0;
  }
}
