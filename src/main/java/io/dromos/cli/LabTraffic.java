package io.dromos.cli;

import com.grack.nanojson.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Requests of the lab: each answer is checked, and who gave it is read from the tasks' logs. */
final class LabTraffic {
  /** Enough for three tasks to show how they share. */
  static final int REQUESTS = 36;

  private static final Duration LISTENING = Duration.ofSeconds(20);
  private static final Duration LOGGED = Duration.ofSeconds(20);

  private final Server server;
  private final LabScreen screen;
  private int rounds;

  LabTraffic(Server server, LabScreen screen) {
    this.server = server;
    this.screen = screen;
  }

  /** Asks, shows the answer, and demands that the service says all is well under {@code host}. */
  void expectWell(InetSocketAddress at, String target, String host) throws CommandFailedException {
    try {
      LabHttp answer = LabHttp.get(at, target, host);
      screen.answer(answer.body());
      check(answer, host);
    } catch (IOException e) {
      throw new CommandFailedException("no answer from " + at + ": " + e.getMessage());
    }
  }

  private static void check(LabHttp answer, String host) throws CommandFailedException {
    if (answer.status() != 200) {
      throw new CommandFailedException("status " + answer.status() + ": " + answer.body());
    }
    JsonObject told = Json.object(answer.body(), "the service's answer");
    if (!"all is well".equals(told.getString("result"))
        || !"0.3.0".equals(told.getString("version"))
        || !host.equals(told.getString("host"))) {
      throw new CommandFailedException(
          "expected version 0.3.0, host " + host + " and that all is well: " + answer.body());
    }
  }

  /** A frontend is there as soon as the planes have taken over the newest snapshot. */
  void awaitListening(InetSocketAddress at) throws CommandFailedException {
    LabWait.until(
        "something listens on " + at,
        LISTENING,
        () -> {
          try (java.net.Socket socket = new java.net.Socket()) {
            socket.connect(at, 1000);
            return true;
          } catch (IOException e) {
            return false;
          }
        });
  }

  /** Sends {@link #REQUESTS} and demands that each of three tasks answered its share. */
  void expectSpread(String way, InetSocketAddress at, String host) throws CommandFailedException {
    rounds++;
    String target = "/endpoint0?round=" + rounds;
    for (int i = 0; i < REQUESTS; i++) {
      try {
        check(LabHttp.get(at, target, host), host);
      } catch (IOException e) {
        throw new CommandFailedException(
            "request " + (i + 1) + " " + way + " failed: " + e.getMessage());
      }
    }
    Map<String, Integer> answered = new LinkedHashMap<>();
    try {
      LabWait.until(
          "the tasks' logs show all " + REQUESTS + " requests " + way,
          LOGGED,
          () -> {
            answered.putAll(count("GET " + target + " "));
            return answered.values().stream().mapToInt(n -> n).sum() >= REQUESTS;
          });
    } catch (CommandFailedException e) {
      throw new CommandFailedException(e.words() + "; they show " + answered);
    }
    screen.say(REQUESTS + " requests " + way + ", and who answered by the tasks' own logs:");
    answered.forEach((task, n) -> screen.answer(String.format("%3d  %s", n, task)));
    int fair = REQUESTS / 3 / 2;
    if (answered.size() != 3 || answered.values().stream().anyMatch(n -> n < fair)) {
      throw new CommandFailedException(
          "expected three tasks with at least " + fair + " requests each");
    }
  }

  private Map<String, Integer> count(String part) throws CommandFailedException {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (TaskRow task : TaskRow.matching(TaskRow.all(server, TaskRow.Which.ACTIVE), LabSteps.APP)) {
      String path =
          "/system/v1/agent/" + task.agent() + "/logs/v2/task/" + task.id() + "/file/stderr";
      Server.Answer log =
          server.send("GET", path + "?cursor=BEG", null, "text/plain", "text/plain");
      counts.put(
          task.id(), log.ok() ? (int) log.body().lines().filter(l -> l.contains(part)).count() : 0);
    }
    return counts;
  }
}
