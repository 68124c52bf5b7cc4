package io.dromos.cli;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What is in a directory of some tasks' sandboxes. */
final class SandboxListing {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("MMM dd HH:mm", Locale.ROOT).withZone(ZoneId.systemDefault());

  private final Server server;
  private final String path;
  private final boolean details;
  private final CommandContext context;

  SandboxListing(Server server, String path, boolean details, CommandContext context) {
    this.server = server;
    this.path = path;
    this.details = details;
    this.context = context;
  }

  /** Each task's under a heading where there are several; false when one had no such directory. */
  boolean print(List<TaskRow> tasks) throws CommandFailedException {
    boolean all = true;
    for (TaskRow task : tasks) {
      if (tasks.size() > 1) {
        context.out().println("===> task:" + task.id() + ":" + path + " <===");
      }
      Server.Answer answer = server.get(resource(task));
      if (answer.ok()) {
        print(answer.array());
      } else if (answer.status() == 404) {
        context.err().println("Error: cannot access '" + path + "': no such file or directory");
        all = false;
      } else {
        context.err().println("Error: " + task.id() + ": " + Server.refusal(answer));
        all = false;
      }
    }
    return all;
  }

  private String resource(TaskRow task) {
    String sandbox =
        "/frameworks/"
            + task.json().getString("framework_id", "")
            + "/executors/"
            + task.id()
            + "/runs/"
            + task.id();
    return "/agent/"
        + Server.encode(task.agent())
        + "/files/browse?path="
        + Server.encode(sandbox + "/" + path);
  }

  private void print(JsonArray entries) {
    List<JsonObject> files = Json.objects(entries);
    if (!details) {
      if (!files.isEmpty()) {
        context
            .out()
            .println(files.stream().map(SandboxListing::name).collect(Collectors.joining("  ")));
      }
      return;
    }
    for (JsonObject file : files) {
      context
          .out()
          .println(
              "%s %2d %s %s %9d %s %s"
                  .formatted(
                      file.getString("mode"),
                      file.getInt("nlink"),
                      file.getString("uid"),
                      file.getString("gid"),
                      file.getLong("size"),
                      DATE.format(Instant.ofEpochMilli((long) (file.getDouble("mtime") * 1000))),
                      name(file)));
    }
  }

  private static String name(JsonObject file) {
    String whole = file.getString("path", "");
    return whole.substring(whole.lastIndexOf('/') + 1);
  }
}
