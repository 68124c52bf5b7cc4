package io.dromos.runtime.simulated;

import io.dromos.task.TaskId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What simulated tasks were asked for, one line each, so that they outlive the process that plays
 * them. A line that a crash cut off was not acted upon: it is left out.
 */
final class Journal implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Journal.class.getName());

  /** The file is written anew once it has this many lines more than twice its tasks. */
  private static final int SLACK = 20_000;

  private final Path file;
  private FileChannel channel;
  private int lines;

  /** Opens the file, or begins it; what it holds is read by {@link #read}. */
  Journal(Path file) {
    this.file = file;
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      this.channel = open(file);
      endLine();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
  }

  /** A line that was cut off must not swallow the next one. */
  private void endLine() throws IOException {
    String text = Files.readString(file);
    if (!text.isEmpty() && !text.endsWith("\n")) {
      write("\n");
    }
  }

  Map<TaskId, Life> read() {
    Map<TaskId, Life> lives = new LinkedHashMap<>();
    try {
      for (String line : Files.readAllLines(file)) {
        apply(line.split(" ", 4), lives);
        lines++;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
    return lives;
  }

  private static void apply(String[] words, Map<TaskId, Life> lives) {
    try {
      TaskId id = new TaskId(words[1]);
      switch (words[0]) {
        case "launch" ->
            lives.putIfAbsent(id, Life.begun(id, Script.PLAIN.with(words[3]), instant(words[2])));
        case "stop" ->
            lives.computeIfPresent(
                id,
                (key, life) ->
                    life.stopped(instant(words[2]), Duration.ofMillis(Long.parseLong(words[3]))));
        case "forget" -> lives.remove(id);
        default -> LOG.log(Level.DEBUG, "skipped a line that begins with {0}", words[0]);
      }
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      LOG.log(Level.DEBUG, "skipped a line that was cut off: {0}", e.getMessage());
    }
  }

  private static Instant instant(String millis) {
    return Instant.ofEpochMilli(Long.parseLong(millis));
  }

  synchronized void launched(Life life) {
    append(launch(life));
  }

  synchronized void stopped(Life life) {
    append(stop(life));
  }

  /** {@code left} gives the {@code count} tasks that there still are. */
  synchronized void forgotten(TaskId id, int count, Supplier<Collection<Life>> left) {
    append("forget " + id.value() + "\n");
    if (lines > 2 * count + SLACK) {
      shorten(left.get());
    }
  }

  private void shorten(Collection<Life> left) {
    Path shorter = file.resolveSibling(file.getFileName() + ".new");
    StringBuilder text = new StringBuilder();
    for (Life life : left) {
      text.append(launch(life));
      if (life.stopAt() != null) {
        text.append(stop(life));
      }
    }
    try {
      Files.writeString(shorter, text);
      channel.close();
      Files.move(shorter, file, StandardCopyOption.ATOMIC_MOVE);
      channel = open(file);
      lines = left.size();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  private static String launch(Life life) {
    return "launch "
        + life.id().value()
        + " "
        + life.launchedAt().toEpochMilli()
        + " "
        + life.script()
        + "\n";
  }

  private static String stop(Life life) {
    Instant at = life.stopAt() == null ? Instant.EPOCH : life.stopAt();
    return "stop "
        + life.id().value()
        + " "
        + at.toEpochMilli()
        + " "
        + life.grace().toMillis()
        + "\n";
  }

  private void append(String line) {
    try {
      write(line);
      lines++;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  private void write(String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  @Override
  public synchronized void close() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot close " + file, e);
    }
  }
}
