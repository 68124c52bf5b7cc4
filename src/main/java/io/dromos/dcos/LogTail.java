package io.dromos.dcos;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Follows a log that grows, is truncated after its content was copied to {@code file.1}, or is
 * moved away and begun anew. Lines come once each and in order. Not thread-safe.
 */
final class LogTail implements AutoCloseable {
  /** A longer line comes in pieces: clients take less than 64 KiB an event. */
  static final int MAX_LINE = 32 * 1024;

  /**
   * One line without its line feed.
   *
   * @param offset behind it in the file that is being written; -1 when it was read from a rotated
   *     file, where offsets have no lasting meaning
   */
  record Line(String text, long offset) {}

  private final Path file;
  private final Deque<FileChannel> ahead = new ArrayDeque<>();
  private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
  private @Nullable FileChannel channel;
  private boolean endsWithCurrent;
  private boolean onCurrent;
  private @Nullable Object key;
  private @Nullable Object rotatedKey;
  private long position;

  private LogTail(Path file) {
    this.file = file;
  }

  /** Begins at the query's start; a file that isn't there yet is waited for. */
  static LogTail open(Path file, LogQuery query) throws IOException {
    LogTail tail = new LogTail(file);
    tail.rotatedKey = keyOf(LogView.rotated(file, 1));
    try (LogView view = LogView.open(file)) {
      long start = view.start(query);
      tail.position = view.offsetIn(start);
      tail.ahead.addAll(view.releaseFrom(start));
      tail.channel = tail.ahead.poll();
      tail.onCurrent = tail.ahead.isEmpty();
      tail.endsWithCurrent = !tail.onCurrent;
      tail.key = keyOf(file);
    } catch (NoSuchFileException e) {
      tail.position = 0;
    }
    return tail;
  }

  /** Complete lines that have come since the last call, from about {@code maxBytes} of text. */
  List<Line> poll(int maxBytes) throws IOException {
    List<Line> lines = new ArrayList<>();
    ByteBuffer block = ByteBuffer.allocate(Math.min(maxBytes, 64 * 1024));
    int left = maxBytes;
    while (left > 0) {
      FileChannel source = source();
      if (source == null) {
        break;
      }
      block.clear();
      int read = source.read(block, position);
      if (read > 0) {
        left -= read;
        split(block.array(), read, lines);
      } else if (!advance()) {
        break;
      }
    }
    return lines;
  }

  /** What has come of a last line that has no line feed, once no more is expected. */
  @Nullable Line rest() {
    if (partial.size() == 0) {
      return null;
    }
    Line line = new Line(partial.toString(StandardCharsets.UTF_8), offset(position));
    partial.reset();
    return line;
  }

  @Override
  public void close() {
    closeQuietly(channel);
    channel = null;
    ahead.forEach(LogTail::closeQuietly);
    ahead.clear();
  }

  /** The file to read from at {@link #position}; null while there is none. */
  private @Nullable FileChannel source() throws IOException {
    FileChannel open = channel;
    if (open == null) {
      return openCurrent();
    }
    if (onCurrent && wasCopiedAway(open)) {
      open.close();
      return openCopies();
    }
    if (onCurrent && open.size() < position) {
      // Truncated, and no copy was kept.
      position = 0;
    }
    return open;
  }

  /**
   * True once the file has been copied to a new {@code file.1} and truncated. While the copy is
   * being made it is not longer than the file, and a truncated file has to grow past its own limit
   * to be as long again.
   */
  private boolean wasCopiedAway(FileChannel current) throws IOException {
    Path newest = LogView.rotated(file, 1);
    Object now = keyOf(newest);
    return now != null
        && !now.equals(rotatedKey)
        && !now.equals(key)
        && current.size() < Files.size(newest);
  }

  /** Goes on in the copy of what was being read, however often it was rotated since. */
  private @Nullable FileChannel openCopies() throws IOException {
    int ours = 1;
    while (true) {
      Object older = keyOf(LogView.rotated(file, ours + 1));
      if (older == null || older.equals(rotatedKey)) {
        break;
      }
      ours++;
    }
    channel = null;
    onCurrent = false;
    endsWithCurrent = false;
    for (int number = ours; number >= 1; number--) {
      ahead.add(
          FileChannel.open(LogView.rotated(file, number), StandardOpenOption.READ, NOFOLLOW_LINKS));
    }
    channel = ahead.poll();
    return channel;
  }

  private @Nullable FileChannel openCurrent() throws IOException {
    closeQuietly(channel);
    channel = null;
    position = 0;
    try {
      rotatedKey = keyOf(LogView.rotated(file, 1));
      FileChannel opened = FileChannel.open(file, StandardOpenOption.READ, NOFOLLOW_LINKS);
      channel = opened;
      key = keyOf(file);
      onCurrent = true;
      return opened;
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** At the end of a file: is there another one to go on with? */
  private boolean advance() throws IOException {
    if (onCurrent) {
      Object now = keyOf(file);
      return now != null && !Objects.equals(now, key) && openCurrent() != null;
    }
    FileChannel next = ahead.poll();
    if (next == null) {
      return openCurrent() != null;
    }
    closeQuietly(channel);
    channel = next;
    position = 0;
    onCurrent = endsWithCurrent && ahead.isEmpty();
    return true;
  }

  private void split(byte[] bytes, int length, List<Line> lines) {
    int begin = 0;
    for (int i = 0; i < length; i++) {
      if (bytes[i] == '\n') {
        partial.write(bytes, begin, i - begin);
        begin = i + 1;
        lines.add(new Line(partial.toString(StandardCharsets.UTF_8), offset(position + begin)));
        partial.reset();
      } else if (partial.size() + i - begin >= MAX_LINE && (bytes[i] & 0xC0) != 0x80) {
        // Cut before a byte that begins a character.
        partial.write(bytes, begin, i - begin);
        begin = i;
        lines.add(new Line(partial.toString(StandardCharsets.UTF_8), offset(position + begin)));
        partial.reset();
      }
    }
    partial.write(bytes, begin, length - begin);
    position += length;
  }

  private long offset(long at) {
    return onCurrent ? at : -1;
  }

  private static @Nullable Object keyOf(Path file) throws IOException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS).fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static void closeQuietly(@Nullable FileChannel open) {
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // Nothing was written through it.
      }
    }
  }
}
