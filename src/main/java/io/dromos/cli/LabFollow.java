package io.dromos.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** {@code task log --follow sise stderr} as a process of its own, as in a second terminal. */
final class LabFollow implements AutoCloseable {
  private static final Duration FIRST = Duration.ofSeconds(30);
  private static final Duration NEXT = Duration.ofSeconds(15);
  private static final int REQUESTS = 3;

  /** Sends a request that the log line shows. */
  interface Request {
    LabHttp send(int marker) throws IOException;
  }

  private final Process process;
  private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();

  private LabFollow(Process process) {
    this.process = process;
    Thread reader = new Thread(this::read, "lab-follow");
    reader.setDaemon(true);
    reader.start();
  }

  static LabFollow start(LabJar jar, Map<String, String> env) throws CommandFailedException {
    ProcessBuilder builder =
        new ProcessBuilder(jar.command(List.of("task", "log", "--follow", "sise", "stderr")));
    builder.redirectErrorStream(true).environment().putAll(env);
    try {
      return new LabFollow(builder.start());
    } catch (IOException e) {
      throw new CommandFailedException("cannot start a second command: " + e.getMessage());
    }
  }

  /** Requests one after the other, each of which must appear while the command goes on. */
  void show(Request request, Consumer<String> print) throws CommandFailedException {
    // What it logged so far comes first: then the command is listening.
    until("This is simple service", FIRST, print);
    for (int marker = 1; marker <= REQUESTS; marker++) {
      long sent = System.nanoTime();
      try {
        request.send(marker);
      } catch (IOException e) {
        throw new CommandFailedException("request " + marker + " failed: " + e.getMessage());
      }
      until("GET /endpoint0?lab=" + marker, NEXT, print);
      print.accept(
          String.format(
              Locale.ROOT,
              "    (printed %d ms after request %d was sent)",
              (System.nanoTime() - sent) / 1_000_000,
              marker));
    }
    if (!process.isAlive()) {
      throw new CommandFailedException("the command ended instead of following");
    }
  }

  private void until(String wanted, Duration limit, Consumer<String> print)
      throws CommandFailedException {
    long end = System.nanoTime() + limit.toNanos();
    try {
      while (true) {
        String line = lines.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (line == null) {
          throw new CommandFailedException(
              "the log did not show '" + wanted + "' within " + limit.toSeconds() + " s");
        }
        print.accept(line);
        if (line.contains(wanted)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailedException("interrupted");
    }
  }

  private void read() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line = reader.readLine();
      while (line != null) {
        lines.add(line);
        line = reader.readLine();
      }
    } catch (IOException e) {
      // The process was ended while it printed.
    }
  }

  @Override
  public void close() {
    process.destroy();
  }
}
