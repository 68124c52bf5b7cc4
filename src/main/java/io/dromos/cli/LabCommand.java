package io.dromos.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lab}: the whole service-discovery lab on this machine, every answer real and checked. */
@Command(
    name = "lab",
    mixinStandardHelpOptions = true,
    description = {
      "Run the whole service-discovery lab on this machine and show every step.",
      "It starts a node, walks through the lab, and stays up to play with until Ctrl-C."
    },
    footer = {
      "%nExamples:",
      "  dromos lab           and leave it running",
      "  dromos lab --once    exit status 0 if every answer was right, else 1; nothing is left"
    })
final class LabCommand implements Callable<Integer> {
  private final CommandContext context;

  @Option(names = "--once", description = "Stop everything after the last step.")
  boolean once;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      defaultValue = ".dromos/lab",
      description = "Where the node keeps its data (${DEFAULT-VALUE}).")
  Path dataDir;

  LabCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws CommandFailedException {
    LabJar jar = LabJar.running();
    LabPorts ports = LabPorts.choose();
    Path home = dataDir.toAbsolutePath().normalize();
    boolean ours = !Files.exists(home);
    LabScreen screen = new LabScreen(context.out());
    LabNode node = new LabNode(jar, home, ports, context.env());
    Thread atExit = new Thread(() -> stop(node, screen), "lab-stop");
    Runtime.getRuntime().addShutdownHook(atExit);
    boolean passed = false;
    try {
      new LabSteps(jar, ports, node, screen, context, home).run();
      passed = true;
      if (once) {
        screen.blank();
        screen.say("Every answer was right.");
      } else {
        stayUp(node, screen, jar);
      }
    } catch (CommandFailedException e) {
      screen.blank();
      context.out().println("FAILED: " + e.words());
      context.out().println("The node's own log ends so (all of it is in " + node.log() + "):");
      screen.answer(node.lastWords());
    }
    boolean clean = stop(node, screen);
    if (once && passed && clean && ours) {
      delete(home);
    }
    return passed && clean ? 0 : CommandLineMain.FAILED;
  }

  private void stayUp(LabNode node, LabScreen screen, LabJar jar) throws CommandFailedException {
    String export = CommandContext.DEFAULT_URL.equals(node.url()) ? "" : node.url();
    screen.blank();
    screen.say("Everything works, and stays up. The console is at " + node.url() + "/");
    screen.say("Three commands to try next, in another terminal:");
    screen.say("  alias dromos='" + String.join(" ", jar.command(List.of())) + "'");
    if (!export.isEmpty()) {
      screen.say("  export DROMOS_URL=" + export);
    }
    screen.say("  dromos task log --follow sise stderr");
    screen.say("  http_proxy=" + node.url() + " curl http://" + LabSteps.NAME + "/endpoint0");
    screen.say("  dromos marathon app update /sise instances=5");
    screen.say("Ctrl-C stops the tasks and the node.");
    context.out().flush();
    try {
      if (node.endsByItself()) {
        throw new CommandFailedException("the node ended by itself");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean stop(LabNode node, LabScreen screen) {
    boolean had = node.isAlive();
    List<String> left = node.stop();
    if (had) {
      screen.say("Stopped: the app with its tasks, and the node.");
    }
    left.forEach(screen::say);
    return left.isEmpty();
  }

  private static void delete(Path root) {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
      Path parent = root.getParent();
      if (parent != null && parent.endsWith(".dromos")) {
        // Only if it was made for us: a directory that holds anything stays.
        Files.deleteIfExists(parent);
      }
    } catch (IOException e) {
      // What cannot be removed does no harm to the next run.
    }
  }
}
