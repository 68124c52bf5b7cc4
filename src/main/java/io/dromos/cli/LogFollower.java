package io.dromos.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Follows a file of every task that matches, those that start later included: an app that is
 * restarted or scaled is followed on. One event stream and one thread a task.
 */
final class LogFollower {
  private static final long LOOK_SECONDS = 1;

  private final Server server;
  private final TaskLog log;
  private final String filter;
  private final TaskRow.Which which;
  private final Map<String, Thread> readers = new HashMap<>();

  LogFollower(Server server, TaskLog log, String filter, TaskRow.Which which) {
    this.server = server;
    this.log = log;
    this.filter = filter;
    this.which = which;
  }

  /** Prints until the process ends or nobody reads the output any more. */
  void run(List<TaskRow> first) throws CommandFailedException {
    log.headings(first.size() > 1);
    first.forEach(task -> follow(task, log.lines()));
    CountDownLatch never = new CountDownLatch(1);
    try {
      while (!never.await(LOOK_SECONDS, TimeUnit.SECONDS) && log.wanted()) {
        for (TaskRow task : now()) {
          if (!readers.containsKey(task.id())) {
            // More than one source now, even if the first one has ended.
            log.headings(true);
            // It started since the last look: everything it said is new.
            follow(task, Integer.MAX_VALUE);
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<TaskRow> now() {
    try {
      return TaskRow.matching(TaskRow.all(server, which), filter);
    } catch (CommandFailedException e) {
      // The server is being restarted, perhaps: its tasks go on, and so do we.
      return List.of();
    }
  }

  private void follow(TaskRow task, int lines) {
    Thread reader = new Thread(() -> read(task, lines), "log-" + task.id());
    reader.setDaemon(true);
    readers.put(task.id(), reader);
    reader.start();
  }

  private void read(TaskRow task, int lines) {
    String from = TaskLog.lastLines(lines);
    CountDownLatch never = new CountDownLatch(1);
    try {
      do {
        from = stream(task, from);
      } while (!never.await(LOOK_SECONDS, TimeUnit.SECONDS) && mayGoOn(task));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether a stream that ended is worth another look. */
  private boolean mayGoOn(TaskRow task) {
    try {
      return TaskRow.all(server, TaskRow.Which.ACTIVE).stream()
          .anyMatch(t -> t.id().equals(task.id()));
    } catch (CommandFailedException e) {
      return true;
    }
  }

  /** Prints what comes; returns where to go on should the stream be cut. */
  private String stream(TaskRow task, String from) {
    String next = from;
    try {
      HttpResponse<InputStream> answer = server.stream(log.path(task, from), "text/event-stream");
      try (BufferedReader reader =
          new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
        if (answer.statusCode() != 200) {
          return from;
        }
        String line = reader.readLine();
        while (line != null) {
          if (line.startsWith("id:")) {
            next = TaskLog.fromOffset(line.substring(3).strip());
          } else if (line.startsWith("data:")) {
            log.line(task.id(), TaskLog.message(line.substring(5).strip()));
          }
          line = reader.readLine();
        }
      }
    } catch (IOException | CommandFailedException e) {
      // The connection broke; the caller looks whether there is more to come.
    }
    return next;
  }
}
