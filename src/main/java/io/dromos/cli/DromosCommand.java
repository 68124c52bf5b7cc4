package io.dromos.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root: lists the commands, and takes what all of them share. */
@Command(
    name = "dromos",
    mixinStandardHelpOptions = true,
    versionProvider = VersionText.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "A small data centre: runs Marathon apps, names and balances them.",
    footerHeading = "%n",
    footer = {
      "A first session:",
      "  dromos lab                                    see everything work on this machine",
      "  dromos up                                     run a node; the console is on port 8080",
      "  dromos marathon app add app.json              run what a definition says",
      "  dromos task                                   what runs where",
      "  dromos task log --follow sise stderr          its log lines as they come",
      "  dromos marathon app update /sise instances=3  three of them, balanced",
      "  dromos marathon app show /sise                the definition, and why it isn't running",
      "",
      "Environment:",
      "  DROMOS_URL          server to speak to (http://127.0.0.1:8080)",
      "  DROMOS_CREDENTIALS  user:password, where the server asks for them",
      "",
      "Exit status: 0 done, 1 failed (the reason is on standard error), 2 not understood.",
      "The grammar is that of the DC/OS command line: alias dcos='java -jar dromos.jar'."
    },
    subcommands = {
      UpCommand.class,
      LabCommand.class,
      MarathonCommand.class,
      TaskCommand.class,
      TaskLogCommand.class,
      NodeCommand.class,
      ServiceCommand.class,
      PackageCommand.class,
      VipCommand.class,
      RouteCommand.class,
      ImportCommand.class,
      ConfigCommand.class
    })
final class DromosCommand implements Callable<Integer> {
  private final CommandContext context;

  @Spec CommandSpec spec;

  DromosCommand(CommandContext context) {
    this.context = context;
  }

  @Option(
      names = "--url",
      paramLabel = "URL",
      scope = ScopeType.INHERIT,
      description = "Server to speak to, instead of DROMOS_URL.")
  void url(String text) {
    context.useUrl(text);
  }

  @Option(
      names = "--credentials",
      paramLabel = "USER:PASSWORD",
      scope = ScopeType.INHERIT,
      description = "For a server that asks, instead of DROMOS_CREDENTIALS.")
  void credentials(String text) {
    context.useCredentials(text);
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(context.out());
    return 0;
  }
}
