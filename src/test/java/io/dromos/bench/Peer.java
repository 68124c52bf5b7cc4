package io.dromos.bench;

import io.dromos.it.e2e.Await;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A server under test, or one that the tests need, as a process with children. */
final class Peer implements AutoCloseable {
  /** Ticks of {@code /proc} a second, on every Linux there is. */
  private static final double TICKS = 100;

  private final String name;
  private final ProcessHandle process;
  private final Path log;

  private Peer(String name, ProcessHandle process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  /** One that somebody else started, and ends. */
  static Peer of(String name, long pid) {
    return new Peer(name, ProcessHandle.of(pid).orElseThrow(), Path.of("/dev/null"));
  }

  static Peer start(Path dir, String name, List<String> command) throws IOException {
    Path log = dir.resolve(name + ".log");
    return new Peer(
        name,
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .toHandle(),
        log);
  }

  /** Waits until it takes TCP connections there. */
  Peer awaitPort(int port) {
    Await.until(name + " listens on " + port, Duration.ofSeconds(20), () -> listens(port));
    return this;
  }

  private boolean listens(int port) throws IOException {
    if (!process.isAlive()) {
      throw new IllegalStateException(name + " ended: " + log());
    }
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 1_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Waits for a line that begins so and returns the rest of it. */
  String awaitLine(String beginning) throws IOException {
    String[] found = new String[1];
    Await.until(
        name + " says " + beginning,
        Duration.ofSeconds(120),
        () -> {
          if (!process.isAlive()) {
            throw new IllegalStateException(name + " ended: " + log());
          }
          found[0] =
              log().lines().filter(line -> line.startsWith(beginning)).findFirst().orElse(null);
          return found[0] != null;
        });
    return found[0].substring(beginning.length()).strip();
  }

  private String log() throws IOException {
    return Files.readString(log);
  }

  private Stream<ProcessHandle> family() {
    return Stream.concat(Stream.of(process), process.descendants());
  }

  /** Processor seconds used so far by it and the children that live. */
  double cpu() {
    return family().mapToDouble(member -> cpu(member.pid())).sum();
  }

  private static double cpu(long pid) {
    try {
      String line = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
      String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
      return (Double.parseDouble(fields[11]) + Double.parseDouble(fields[12])) / TICKS;
    } catch (IOException e) {
      return 0; // It ended meanwhile.
    }
  }

  /** Resident memory of the family in KiB. */
  long residentKib() throws IOException {
    long sum = 0;
    for (ProcessHandle member : family().toList()) {
      Path status = Path.of("/proc", String.valueOf(member.pid()), "status");
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith("VmRSS:")) {
          sum += Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
    }
    return sum;
  }

  @Override
  public void close() {
    List<ProcessHandle> members = family().toList();
    members.forEach(ProcessHandle::destroy);
    try {
      process.onExit().get(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      process.destroyForcibly();
    }
  }
}
