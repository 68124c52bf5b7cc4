package io.dromos.cli;

import com.grack.nanojson.JsonObject;
import java.net.URI;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code route}: where traffic goes. */
@Command(
    name = "route",
    mixinStandardHelpOptions = true,
    description = "Where traffic goes. By itself it lists the routes.",
    footer = {
      "%nExamples:",
      "  dromos route list",
      "  dromos route explain http://shop.example.com/cart"
    })
final class RouteCommand extends CommandGroup {
  private final CommandContext context;

  RouteCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws CommandFailedException {
    return list(false);
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List virtual hosts, service ports and VIPs.")
  int list(@Option(names = "--json", description = "Print JSON.") boolean json)
      throws CommandFailedException {
    JsonObject routes = context.server().object("/console/routes");
    if (json) {
      context.print(routes);
      return 0;
    }
    Table table = new Table("KIND", "FRONTEND", "APP", "BACKENDS");
    for (JsonObject route : Routes.vhosts(routes)) {
      table.row("vhost", Routes.frontend(route), Routes.app(route), Routes.backends(route));
    }
    for (JsonObject port : Routes.servicePorts(routes)) {
      table.row("service port", port.getInt("port"), Routes.app(port), Routes.backends(port));
    }
    for (JsonObject vip : Routes.vips(routes)) {
      table.row(
          "vip",
          vip.getString("name", "") + ":" + vip.getInt("port"),
          Routes.app(vip),
          Routes.backends(vip));
    }
    table.print(context.out());
    return 0;
  }

  @Command(
      name = "explain",
      mixinStandardHelpOptions = true,
      description = "Say in sentences what answers a URL, or why nothing does.",
      footer = "%nExample:%n  dromos route explain http://shop.example.com/cart")
  int explain(
      @Parameters(paramLabel = "URL", description = "Such as http://shop.example.com/cart.")
          String url)
      throws CommandFailedException {
    URI uri;
    try {
      uri = URI.create(url.contains("://") ? url : "http://" + url);
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException("'" + url + "' is not a URL");
    }
    if (uri.getHost() == null) {
      throw new CommandFailedException("'" + url + "' names no host");
    }
    RouteExplanation explanation =
        RouteExplanation.of(context.server().object("/console/routes"), uri);
    explanation.sentences().forEach(context.out()::println);
    return explanation.answered() ? 0 : CommandLineMain.FAILED;
  }
}
