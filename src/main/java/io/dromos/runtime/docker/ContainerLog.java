package io.dromos.runtime.docker;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import io.dromos.runtime.LogLimits;
import io.dromos.runtime.LogRotation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Copies the output of one container into {@code stdout} and {@code stderr} of its sandbox, each
 * entry once, over restarts of Dromos and of the Engine.
 *
 * <p>The Engine can be asked for entries since a whole second only. So the position says after
 * which entry of that second we are, and how long our files were then: what is behind that in a
 * file is cut off when we go on, for it comes again. The position may therefore be written now and
 * then instead of after every entry.
 */
final class ContainerLog {
  private static final long SAVE_NANOS = 200_000_000;
  private static final int TIME_LENGTH = "2006-01-02T15:04:05.000000000Z".length();

  private final Path sandbox;
  private final Path positionFile;
  private final LogLimits limits;
  private final ByteArrayOutputStream unfinished = new ByteArrayOutputStream();
  private LogPosition position;
  private int repeated;
  private long savedAt;
  private boolean dirty;

  ContainerLog(Path sandbox, Path positionFile, LogLimits limits) throws IOException {
    this.sandbox = sandbox;
    this.positionFile = positionFile;
    this.limits = limits;
    this.position = LogPosition.read(positionFile);
    makeFile("stdout");
    makeFile("stderr");
  }

  /** Begins, or goes on: the stream that follows starts with the whole second that is returned. */
  synchronized int resume() throws IOException {
    unfinished.reset();
    repeated = 0;
    position =
        new LogPosition(
            position.time(),
            position.count(),
            cut("stdout", position.stdout()),
            cut("stderr", position.stderr()));
    return position.since();
  }

  /** Any piece of the stream of a container with a terminal. */
  synchronized void piece(byte[] bytes, int length) throws IOException {
    for (int i = 0; i < length; i++) {
      unfinished.write(bytes[i]);
      if (bytes[i] == '\n') {
        entry("stdout", unfinished.toByteArray());
        unfinished.reset();
      }
    }
  }

  /** Writes the position down, if it has moved. */
  synchronized void save() throws IOException {
    if (dirty) {
      position.write(positionFile);
      savedAt = System.nanoTime();
      dirty = false;
    }
  }

  /** One entry: its time, a blank, and a line or what the Engine took of a very long one. */
  synchronized void entry(String stream, byte[] payload) throws IOException {
    if (payload.length <= TIME_LENGTH || payload[TIME_LENGTH] != ' ') {
      append(stream, position.time(), position.count(), payload, 0);
      return;
    }
    String time = new String(payload, 0, TIME_LENGTH, StandardCharsets.US_ASCII);
    int order = time.compareTo(position.time());
    if (order < 0) {
      return;
    }
    if (order == 0 && repeated < position.count()) {
      repeated++;
      return;
    }
    int count = order == 0 ? position.count() + 1 : 1;
    repeated = count;
    append(stream, time, count, payload, TIME_LENGTH + 1);
    if (System.nanoTime() - savedAt > SAVE_NANOS) {
      save();
    }
  }

  private void append(String stream, String time, int count, byte[] payload, int from)
      throws IOException {
    Path file = sandbox.resolve(stream);
    if (isFull(file)) {
      save();
      LogRotation.move(file, limits);
      dirty = true;
    }
    long length;
    try (FileChannel channel = FileChannel.open(file, CREATE, WRITE, APPEND, NOFOLLOW_LINKS)) {
      ByteBuffer bytes = ByteBuffer.wrap(payload, from, payload.length - from);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      length = channel.size();
    }
    boolean out = stream.equals("stdout");
    position =
        new LogPosition(
            time, count, out ? length : position.stdout(), out ? position.stderr() : length);
    dirty = true;
  }

  private boolean isFull(Path file) throws IOException {
    return Files.isRegularFile(file, NOFOLLOW_LINKS) && Files.size(file) >= limits.maxBytes();
  }

  /** Cuts off what will come again; a file that was rotated since has nothing to cut. */
  private long cut(String stream, long length) throws IOException {
    Path file = sandbox.resolve(stream);
    if (!Files.isRegularFile(file, NOFOLLOW_LINKS)) {
      return 0;
    }
    if (Files.size(file) > length && !position.time().isEmpty()) {
      try (FileChannel channel = FileChannel.open(file, WRITE, NOFOLLOW_LINKS)) {
        channel.truncate(length);
      }
    }
    return Files.size(file);
  }

  private void makeFile(String stream) throws IOException {
    Path file = sandbox.resolve(stream);
    if (!Files.exists(file, NOFOLLOW_LINKS)) {
      Files.createFile(file);
    }
  }
}
