package io.dromos.cli;

import com.grack.nanojson.JsonArray;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code task}: what runs where, and its logs. */
@Command(
    name = "task",
    mixinStandardHelpOptions = true,
    description = "Tasks and their logs. By itself it lists the running ones.",
    subcommands = TaskLogCommand.class,
    footer = {
      "%nExamples:",
      "  dromos task                          NAME HOST USER STATE ID",
      "  dromos task list --completed         those that ended",
      "  dromos task log --follow sise stderr",
      "  dromos task ls sise                  the files of its sandbox"
    })
final class TaskCommand extends CommandGroup {
  private final CommandContext context;

  @Option(names = "--json", description = "Print JSON.")
  boolean json;

  @Option(names = "--all", description = "Running and ended tasks.")
  boolean all;

  @Option(names = "--completed", description = "Ended tasks only.")
  boolean completed;

  TaskCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws CommandFailedException {
    return print(null, all, completed, json, false);
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List tasks: NAME HOST USER STATE ID. STATE is R for TASK_RUNNING, and so on.")
  int list(
      @Parameters(
              arity = "0..1",
              paramLabel = "TASK",
              description = "An app, a task id, part of one, or a pattern like 'sise*'.")
          @Nullable String filter,
      @Option(names = "--all", description = "Running and ended tasks.") boolean everything,
      @Option(names = "--completed", description = "Ended tasks only.") boolean ended,
      @Option(names = "--json", description = "Print JSON.") boolean asJson,
      @Option(
              names = {"-q", "--quiet"},
              description = "Print ids only.")
          boolean quiet)
      throws CommandFailedException {
    return print(filter, everything || all, ended || completed, asJson || json, quiet);
  }

  @Command(
      name = "stop",
      mixinStandardHelpOptions = true,
      description = "Stop one task; its app starts another.")
  int stop(
      @Parameters(paramLabel = "TASK", description = "Its id, or a part that only it has.")
          String filter)
      throws CommandFailedException {
    Server server = context.server();
    List<TaskRow> tasks = TaskRow.matching(TaskRow.all(server, TaskRow.Which.ACTIVE), filter);
    if (tasks.isEmpty()) {
      throw new CommandFailedException("no task ID found containing '" + filter + "'");
    }
    if (tasks.size() > 1) {
      throw new CommandFailedException(
          tasks.size()
              + " tasks match '"
              + filter
              + "'; give more of the id: "
              + Json.join(tasks.stream().map(TaskRow::id).toList(), ", "));
    }
    context.print(MarathonTaskCommand.stop(server, tasks.get(0).id(), false));
    return 0;
  }

  @Command(
      name = "ls",
      mixinStandardHelpOptions = true,
      description = "List the files in a task's sandbox.",
      footer = "%nExample:%n  dromos task ls --long sise")
  int ls(
      @Parameters(
              index = "0",
              paramLabel = "TASK",
              description = "An app, a task id, part of one, or a pattern like 'sise*'.")
          String filter,
      @Parameters(
              index = "1",
              arity = "0..1",
              paramLabel = "PATH",
              defaultValue = ".",
              description = "A directory in it.")
          String path,
      @Option(names = "--long", description = "Mode, links, owner, group, size and time too.")
          boolean details,
      @Option(names = "--all", description = "Of running and ended tasks.") boolean everything,
      @Option(names = "--completed", description = "Of ended tasks only.") boolean ended)
      throws CommandFailedException {
    Server server = context.server();
    List<TaskRow> tasks =
        TaskRow.matching(
            TaskRow.all(server, TaskRow.Which.of(everything || all, ended || completed)), filter);
    if (tasks.isEmpty()) {
      throw new CommandFailedException("no task ID found containing '" + filter + "'");
    }
    return new SandboxListing(server, path, details, context).print(tasks)
        ? 0
        : CommandLineMain.FAILED;
  }

  private int print(
      @Nullable String filter, boolean everything, boolean ended, boolean asJson, boolean quiet)
      throws CommandFailedException {
    List<TaskRow> tasks =
        TaskRow.matching(
            TaskRow.all(context.server(), TaskRow.Which.of(everything, ended)), filter);
    if (asJson) {
      context.print(new JsonArray(tasks.stream().map(TaskRow::json).toList()));
      return 0;
    }
    if (filter != null && tasks.isEmpty()) {
      throw new CommandFailedException("no task ID found containing '" + filter + "'");
    }
    if (quiet) {
      tasks.forEach(task -> context.out().println(task.id()));
      return 0;
    }
    Table table = new Table("NAME", "HOST", "USER", "STATE", "ID");
    for (TaskRow task : tasks) {
      table.row(task.name(), task.host(), task.user(), task.letter(), task.id());
    }
    table.print(context.out());
    return 0;
  }
}
