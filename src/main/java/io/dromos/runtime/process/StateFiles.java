package io.dromos.runtime.process;

import io.dromos.runtime.Sandboxes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;

/**
 * The files through which Dromos and the supervisor of one task speak with each other; {@code
 * supervise.sh} tells what each of them holds.
 */
record StateFiles(Path directory) {
  /** The main process of a task and its supervisor, named so that no later process is meant. */
  record Pids(long task, String taskStarted, String boot, long supervisor, String ownStarted) {}

  /** How and when the main process ended. */
  record Exit(int code, Instant at) {}

  /** When what is left of a task that was asked to stop is killed. */
  record Stop(Instant deadline) {}

  /** Writes what a supervisor needs to start; readable by nobody else, for it holds secrets. */
  void prepare(String supervisor, String launch) throws IOException {
    Files.createDirectories(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    Files.writeString(directory.resolve("supervise"), supervisor);
    Files.writeString(directory.resolve("launch"), launch);
  }

  Path supervisor() {
    return directory.resolve("supervise");
  }

  /** A supervisor has begun; no other will. */
  boolean isClaimed() {
    return Files.exists(directory.resolve("claim"));
  }

  Optional<Pids> pids() throws IOException {
    String[] words = read("pid").split(" ");
    return words.length == 5
        ? Optional.of(
            new Pids(
                Long.parseLong(words[0]), words[1], words[2], Long.parseLong(words[3]), words[4]))
        : Optional.empty();
  }

  /** When the task was started. */
  Instant startedAt() throws IOException {
    return Files.getLastModifiedTime(directory.resolve("pid")).toInstant();
  }

  Optional<Exit> exit() throws IOException {
    String code = read("exit");
    return code.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Exit(
                Integer.parseInt(code),
                Files.getLastModifiedTime(directory.resolve("exit")).toInstant()));
  }

  Optional<Stop> stop() throws IOException {
    String deadline = read("stop");
    return deadline.isEmpty()
        ? Optional.empty()
        : Optional.of(new Stop(Instant.ofEpochMilli(Long.parseLong(deadline))));
  }

  void writeStop(Stop stop) throws IOException {
    Path fresh = directory.resolve("stop.new");
    Files.writeString(fresh, stop.deadline().toEpochMilli() + "\n");
    Files.move(fresh, directory.resolve("stop"), StandardCopyOption.ATOMIC_MOVE);
  }

  /** The task has started: its environment need not lie about any longer. */
  void dropLaunch() throws IOException {
    Files.deleteIfExists(directory.resolve("launch"));
  }

  void delete() throws IOException {
    Sandboxes.deleteTree(directory);
  }

  /** A file's one line; empty when it is missing or not complete yet. */
  private String read(String name) throws IOException {
    try {
      String text = Files.readString(directory.resolve(name), StandardCharsets.US_ASCII);
      return text.endsWith("\n") ? text.strip() : "";
    } catch (NoSuchFileException e) {
      return "";
    }
  }
}
