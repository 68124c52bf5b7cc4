package io.dromos.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code task log}, and {@code log} for short. */
@Command(
    name = "log",
    mixinStandardHelpOptions = true,
    description = {
      "Print the end of a task's log, or follow it.",
      "Where several tasks match, each one's lines stand under a heading."
    },
    footer = {
      "%nExamples:",
      "  dromos task log sise                          last ten lines of standard output",
      "  dromos task log --follow sise stderr          what all tasks of /sise log, as it comes",
      "  dromos task log --lines=100 --completed sise  of tasks that ended"
    })
final class TaskLogCommand implements Callable<Integer> {
  private final CommandContext context;

  @Option(names = "--follow", description = "Go on printing lines as they come; end with Ctrl-C.")
  boolean follow;

  @Option(
      names = "--lines",
      paramLabel = "N",
      defaultValue = "10",
      description = "So many of the last lines (${DEFAULT-VALUE}).")
  int lines;

  @Option(names = "--all", description = "Of running and ended tasks.")
  boolean all;

  @Option(names = "--completed", description = "Of ended tasks only.")
  boolean completed;

  @Parameters(
      index = "0",
      paramLabel = "TASK",
      description = "An app, a task id, part of one, or a pattern like 'sise*'.")
  String filter;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "FILE",
      defaultValue = "stdout",
      description = "stdout (unless given) or stderr.")
  String file;

  TaskLogCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws CommandFailedException {
    Server server = context.server();
    TaskRow.Which which = TaskRow.Which.of(all, completed);
    List<TaskRow> tasks = TaskRow.matching(TaskRow.all(server, which), filter);
    if (tasks.isEmpty()) {
      throw new CommandFailedException(nothing(server));
    }
    TaskLog log = new TaskLog(server, file, Math.abs(lines), context.out());
    if (follow) {
      new LogFollower(server, log, filter, which).run(tasks);
      return 0;
    }
    return log.print(tasks, context.err()) ? 0 : CommandLineMain.FAILED;
  }

  /** Nothing to read is nothing to leave unexplained. */
  private String nothing(Server server) throws CommandFailedException {
    StringBuilder words = new StringBuilder("no task ID found containing '" + filter + "'");
    if (which(filter)) {
      for (String sentence : Why.sentences(server, filter)) {
        words.append("\n  ").append(sentence);
      }
    }
    return words.toString();
  }

  private static boolean which(String filter) {
    return filter.matches("/?[a-z0-9]([a-z0-9./-]*[a-z0-9])?");
  }
}
