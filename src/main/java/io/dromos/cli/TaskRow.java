package io.dromos.cli;

import com.grack.nanojson.JsonObject;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * One line of {@code task}.
 *
 * @param state {@code TASK_RUNNING}
 * @param agent id of the agent it runs on
 * @param ended among the completed ones
 * @param json as the server sent it
 */
record TaskRow(
    String name,
    String host,
    String user,
    String state,
    String id,
    String agent,
    boolean ended,
    JsonObject json) {
  /** Which tasks to look at. */
  enum Which {
    ACTIVE,
    ENDED,
    ALL;

    static Which of(boolean all, boolean completed) {
      return all ? ALL : completed ? ENDED : ACTIVE;
    }

    boolean includes(boolean ended) {
      return this == ALL || ended == (this == ENDED);
    }
  }

  /** All tasks in name order, read from the Mesos state as the DC/OS command line does. */
  static List<TaskRow> all(Server server, Which which) throws CommandFailedException {
    JsonObject state = server.object("/mesos/master/state");
    Map<String, String> hosts = new HashMap<>();
    for (JsonObject agent : Json.objects(state.get("slaves"))) {
      hosts.put(agent.getString("id", ""), agent.getString("hostname", "---"));
    }
    List<TaskRow> rows = new ArrayList<>();
    for (JsonObject framework : Json.objects(state.get("frameworks"))) {
      for (boolean ended : new boolean[] {false, true}) {
        if (which.includes(ended)) {
          for (JsonObject task : Json.objects(framework.get(ended ? "completed_tasks" : "tasks"))) {
            rows.add(of(task, framework, hosts, ended));
          }
        }
      }
    }
    rows.sort(Comparator.comparing(TaskRow::name).thenComparing(TaskRow::id));
    return rows;
  }

  /**
   * Those that {@code filter} names: the task with that id, else the tasks of the app with that id
   * ({@code sise}, {@code /shop/web}), else all whose id contains it or matches it as a glob.
   */
  static List<TaskRow> matching(List<TaskRow> tasks, @Nullable String filter) {
    if (filter == null) {
      return tasks;
    }
    List<TaskRow> exact = tasks.stream().filter(t -> t.id().equals(filter)).toList();
    if (!exact.isEmpty()) {
      return exact;
    }
    String app = filter.replaceAll("^/+|/+$", "").replace('/', '_') + ".";
    List<TaskRow> ofApp = tasks.stream().filter(t -> t.id().startsWith(app)).toList();
    if (!ofApp.isEmpty()) {
      return ofApp;
    }
    PathMatcher glob = glob(filter);
    return tasks.stream()
        .filter(t -> t.id().contains(filter) || (glob != null && glob.matches(Path.of(t.id()))))
        .toList();
  }

  /** {@code R} for {@code TASK_RUNNING}. */
  String letter() {
    return state.substring(state.lastIndexOf('_') + 1).substring(0, 1);
  }

  private static @Nullable PathMatcher glob(String filter) {
    if (filter.indexOf('/') >= 0 || !filter.matches(".*[*?\\[{].*")) {
      return null;
    }
    try {
      return FileSystems.getDefault().getPathMatcher("glob:" + filter);
    } catch (PatternSyntaxException e) {
      return null;
    }
  }

  private static TaskRow of(
      JsonObject task, JsonObject framework, Map<String, String> hosts, boolean ended) {
    String agent = task.getString("slave_id", "");
    String state = task.getString("state", "");
    return new TaskRow(
        task.getString("name", ""),
        hosts.getOrDefault(agent, "---"),
        framework.getString("user", "---"),
        state.isEmpty() || state.endsWith("_") ? "TASK_UNKNOWN" : state,
        task.getString("id", ""),
        agent,
        ended,
        task);
  }
}
