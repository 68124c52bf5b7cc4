package io.dromos.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Listed among the commands; the launcher runs it, as the first word, before the tree is made. */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    description = "Run a node in the foreground: API, console, tasks, VIPs, DNS, edge.",
    footer = {"%nExample:%n  dromos up --api-port 8081 --data-dir /var/lib/dromos"})
final class UpCommand implements Callable<Integer> {
  @Unmatched final List<String> flags = new ArrayList<>();

  @Override
  public Integer call() throws CommandFailedException {
    throw new CommandFailedException("'up' runs a node and takes no options before it: dromos up");
  }
}
