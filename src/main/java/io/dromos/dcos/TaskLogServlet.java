package io.dromos.dcos;

import io.dromos.api.AsyncSink;
import io.dromos.api.JsonServlet;
import io.dromos.api.ServletJson;
import io.dromos.placement.Agent;
import io.dromos.platform.NodeInfo;
import io.dromos.runtime.Sandboxes;
import io.dromos.store.Stores;
import io.dromos.task.Task;
import io.dromos.task.TaskId;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Logs of tasks as dcos-log v2 serves them (dcos-cli-api reference, 6.2): a piece as text, or the
 * lines as they come as server-sent events. A task of another node is answered with a redirect to
 * that node's API.
 */
@WebServlet(
    name = "task-logs",
    urlPatterns = {"/system/v1/agent/*", "/system/v1/logs/*"},
    asyncSupported = true)
public class TaskLogServlet extends JsonServlet {
  private static final long serialVersionUID = 1L;

  @Inject private transient Stores stores;
  @Inject private transient Sandboxes sandboxes;
  @Inject private transient NodeInfo node;
  @Inject private transient Clock clock;

  @Resource private transient ManagedThreadFactory threads;

  private transient @Nullable LogFollowers followers;

  /** Where the log of a task is. */
  private record Place(@Nullable Task task, @Nullable Agent agent) {}

  @Override
  public void init() {
    followers = new LogFollowers(clock, threads);
  }

  @Override
  public void destroy() {
    LogFollowers running = followers;
    if (running != null) {
      running.close();
    }
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String path =
        URLDecoder.decode(request.getRequestURI().replace("+", "%2B"), StandardCharsets.UTF_8);
    Optional<LogPath> wanted = LogPath.parse(path);
    if (wanted.isEmpty()) {
      ServletJson.message(response, 404, "URI not found: " + path);
      return;
    }
    LogQuery query;
    try {
      query =
          LogQuery.parse(
              request.getParameter("cursor"),
              request.getParameter("skip"),
              request.getParameter("limit"),
              request.getHeader("Last-Event-ID"));
    } catch (IllegalArgumentException e) {
      ServletJson.message(response, 400, String.valueOf(e.getMessage()));
      return;
    }
    LogPath log = wanted.get();
    Place place = stores.transactions().inTransaction(() -> locate(log));
    if (isLocal(log, place)) {
      serve(request, response, log, place, query);
    } else {
      sendElsewhere(request, response, log, place);
    }
  }

  private Place locate(LogPath log) {
    Task task = stores.tasks().find(log.task()).orElse(null);
    Agent agent =
        stores.agents().all().stream()
            .filter(
                a ->
                    task == null
                        ? a.id().equals(log.agentId())
                        : a.name().equals(task.goal().agent()))
            .findFirst()
            .orElse(null);
    return new Place(task, agent);
  }

  /** The sandbox of an ended task outlives its row: then the directory decides. */
  private boolean isLocal(LogPath log, Place place) {
    Task task = place.task();
    return task == null
        ? Files.isDirectory(sandboxes.of(log.task()))
        : task.goal().agent().equals(node.name());
  }

  private void sendElsewhere(
      HttpServletRequest request, HttpServletResponse response, LogPath log, Place place)
      throws IOException {
    Task task = place.task();
    Agent agent = place.agent();
    if (task == null && (agent == null || agent.name().equals(node.name()))) {
      ServletJson.message(response, 404, "Task '" + log.task() + "' has no log here");
    } else if (agent == null || agent.api().isBlank()) {
      String name = task == null ? "another node" : task.goal().agent();
      ServletJson.message(
          response,
          502,
          "The log of " + log.task() + " is on " + name + ", which has not told its API address");
    } else {
      String query = request.getQueryString();
      response.setStatus(307);
      response.setHeader(
          "Location",
          request.getScheme()
              + "://"
              + agent.api()
              + request.getRequestURI()
              + (query == null ? "" : "?" + query));
    }
  }

  private void serve(
      HttpServletRequest request,
      HttpServletResponse response,
      LogPath log,
      Place place,
      LogQuery query)
      throws IOException {
    String accept = request.getHeader("Accept");
    boolean follow =
        accept != null && accept.toLowerCase(Locale.ROOT).contains("text/event-stream");
    Path file = inside(log);
    if (follow && file == null && place.task() != null && !log.file().contains("/")) {
      // Not written yet: wait for it.
      file = sandboxes.of(log.task()).resolve(log.file());
    }
    if (file == null) {
      response.setStatus(204);
      return;
    }
    try {
      if (follow) {
        Agent agent = place.agent();
        follow(request, response, log, agent == null ? "" : agent.id(), file, query);
      } else {
        range(response, file, query);
      }
    } catch (FileSystemException e) {
      // Gone, moved or turned into a link between looking and opening.
      if (!response.isCommitted()) {
        response.setStatus(204);
      }
    }
  }

  /** The file, if it exists and lies in the sandbox with all symbolic links resolved. */
  private @Nullable Path inside(LogPath log) throws IOException {
    Path file = sandboxes.file(log.task(), log.file()).orElse(null);
    if (file == null) {
      return null;
    }
    return file.toRealPath().startsWith(sandboxes.of(log.task()).toRealPath()) ? file : null;
  }

  private static void range(HttpServletResponse response, Path file, LogQuery query)
      throws IOException {
    try (LogView view = LogView.open(file)) {
      long start = view.start(query);
      long end = view.end(query, start);
      response.setContentType("text/plain;charset=utf-8");
      view.copy(start, end, response.getOutputStream());
    }
  }

  private void follow(
      HttpServletRequest request,
      HttpServletResponse response,
      LogPath log,
      String agentId,
      Path file,
      LogQuery query)
      throws IOException {
    LogFollowers running = followers;
    if (running == null) {
      ServletJson.message(response, 503, "Log streams are not running");
      return;
    }
    LogTail tail = LogTail.open(file, query);
    response.setStatus(200);
    response.setContentType("text/event-stream");
    response.setHeader("X-Accel-Buffering", "no");
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("AGENT_ID", agentId);
    fields.put("EXECUTOR_ID", log.task().value());
    fields.put("CONTAINER_ID", log.task().value());
    fields.put("FILE", log.file());
    AsyncSink sink = AsyncSink.open(request, running::wake, running::wake);
    running.follow(sink, tail, fields, () -> hasEnded(log.task()));
  }

  private boolean hasEnded(TaskId id) {
    try {
      return stores
          .transactions()
          .inTransaction(() -> stores.tasks().find(id).map(t -> !t.isActive()).orElse(true));
    } catch (RuntimeException e) {
      // Logs go on without the database.
      return false;
    }
  }
}
