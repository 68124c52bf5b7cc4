package io.dromos.runtime.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The machine's processes as {@code /proc} tells of them (proc(5)). */
final class ProcessTable {
  /** A process: its group, its session and its start time in clock ticks since boot. */
  record Entry(long pid, char state, long group, long session, String started) {
    /** A zombie only waits to be reaped; it runs nothing and cannot be killed. */
    boolean isLive() {
      return state != 'Z' && state != 'X' && state != 'x';
    }
  }

  private static final Path PROC = Path.of("/proc");

  private ProcessTable() {}

  static boolean isReadable() {
    return Files.isReadable(PROC.resolve("self").resolve("stat"));
  }

  /** Names the running kernel: pids and start times of another boot mean nothing. */
  static String bootId() throws IOException {
    return Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
  }

  static Optional<Entry> find(long pid) {
    try {
      // A program may give itself any bytes as a name, so not every stat is UTF-8.
      return parse(
          Files.readString(
              PROC.resolve(String.valueOf(pid)).resolve("stat"), StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** True while exactly the process that started then is alive. */
  static boolean isAlive(long pid, String started) {
    return find(pid).filter(entry -> entry.isLive() && entry.started().equals(started)).isPresent();
  }

  /** Live processes of a session. */
  static List<Entry> session(long session) {
    List<Entry> members = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path entry : entries) {
        find(Long.parseLong(String.valueOf(entry.getFileName())))
            .filter(found -> found.session() == session && found.isLive())
            .ifPresent(members::add);
      }
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      // Processes come and go while we look; the caller looks again.
      return members;
    }
    return members;
  }

  static Optional<Entry> parse(String stat) {
    int name = stat.lastIndexOf(')');
    int open = stat.indexOf('(');
    if (name < 0 || open < 1) {
      return Optional.empty();
    }
    String[] fields = stat.substring(name + 1).strip().split(" ");
    if (fields.length < 20) {
      return Optional.empty();
    }
    return Optional.of(
        new Entry(
            Long.parseLong(stat.substring(0, open).strip()),
            fields[0].charAt(0),
            Long.parseLong(fields[2]),
            Long.parseLong(fields[3]),
            fields[19]));
  }
}
