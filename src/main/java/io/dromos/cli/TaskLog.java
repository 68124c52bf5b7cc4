package io.dromos.cli;

import com.grack.nanojson.JsonObject;
import java.io.PrintStream;
import java.util.List;

/**
 * One file of several tasks' sandboxes on one output: the lines of each under the heading {@code
 * ===> task:ID:FILE <===} wherever the task changes, no heading at all for a single task.
 */
final class TaskLog {
  private final Server server;
  private final String file;
  private final int lines;
  private final PrintStream out;
  private String heading = "";
  private boolean headings;

  TaskLog(Server server, String file, int lines, PrintStream out) {
    this.server = server;
    this.file = file;
    this.lines = lines;
    this.out = out;
  }

  /** Prints the last lines of each task; false when one of them could not be read. */
  boolean print(List<TaskRow> tasks, PrintStream err) throws CommandFailedException {
    headings(tasks.size() > 1);
    boolean all = true;
    for (TaskRow task : tasks) {
      Server.Answer answer =
          server.send("GET", path(task, lastLines(lines)), null, "text/plain", "text/plain");
      if (answer.status() == 404) {
        err.println("Error: task " + task.id() + " has no file " + file);
        all = false;
      } else if (!answer.ok()) {
        err.println("Error: log of " + task.id() + ": " + Server.refusal(answer));
        all = false;
      } else {
        answer.body().lines().forEach(line -> line(task.id(), line));
      }
    }
    return all;
  }

  /** Lines of several tasks are told apart from now on. */
  synchronized void headings(boolean wanted) {
    headings |= wanted;
  }

  synchronized void line(String task, String text) {
    String mine = "===> task:" + task + ":" + file + " <===";
    if (headings && !mine.equals(heading)) {
      out.println(mine);
      heading = mine;
    }
    out.println(text);
  }

  /** False once nobody reads the output any more, as behind {@code | head}. */
  boolean wanted() {
    return !out.checkError();
  }

  int lines() {
    return lines;
  }

  /** Where to begin: so many lines before the end. */
  static String lastLines(int count) {
    return "cursor=END&skip=-" + count;
  }

  /** Where to begin: behind what was read. */
  static String fromOffset(String offset) {
    return "cursor=" + Server.encode(offset);
  }

  /** The dcos-log v2 resource of the task's file. */
  String path(TaskRow task, String from) {
    return "/system/v1/agent/"
        + Server.encode(task.agent())
        + "/logs/v2/task/"
        + Server.encode(task.id())
        + "/file/"
        + Server.encode(file)
        + "?"
        + from;
  }

  /** The line of text in the data of a server-sent event. */
  static String message(String data) {
    try {
      JsonObject fields = Json.object(data, "event").getObject("fields", new JsonObject());
      return fields.getString("MESSAGE", "");
    } catch (CommandFailedException e) {
      // Not the form of dcos-log: the data itself is the line.
      return data;
    }
  }
}
