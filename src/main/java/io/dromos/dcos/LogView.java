package io.dromos.dcos;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A log as one text: the rotated files, oldest first, and the file that is being written, as they
 * are at the moment of opening. Positions count bytes from the beginning of the oldest.
 */
final class LogView implements AutoCloseable {
  private static final int BLOCK = 64 * 1024;

  private final List<FileChannel> parts = new ArrayList<>();
  private final List<Long> starts = new ArrayList<>();
  private long end;

  private LogView() {}

  /** Opens {@code file} and its rotated neighbours {@code file.1} (the newest) and so on. */
  static LogView open(Path file) throws IOException {
    LogView view = new LogView();
    try {
      int oldest = 0;
      while (Files.isRegularFile(rotated(file, oldest + 1), NOFOLLOW_LINKS)) {
        oldest++;
      }
      for (int number = oldest; number >= 1; number--) {
        view.add(rotated(file, number));
      }
      view.add(file);
      return view;
    } catch (IOException e) {
      view.close();
      throw e;
    }
  }

  static Path rotated(Path file, int number) {
    return file.resolveSibling(file.getFileName() + "." + number);
  }

  private void add(Path part) throws IOException {
    FileChannel channel = FileChannel.open(part, StandardOpenOption.READ, NOFOLLOW_LINKS);
    parts.add(channel);
    starts.add(end);
    end += channel.size();
  }

  /** Behind the last byte. */
  long end() {
    return end;
  }

  /** Where the file that is being written begins. */
  long currentStart() {
    return starts.get(starts.size() - 1);
  }

  /** Where the answer to a query begins. */
  long start(LogQuery query) throws IOException {
    long cursor =
        switch (query.cursor()) {
          case BEG -> 0;
          case END -> end;
          case OFFSET -> Math.min(end, currentStart() + query.offset());
        };
    return query.skip() < 0 ? back(cursor, -(long) query.skip()) : forward(cursor, query.skip());
  }

  /** Where the answer to a query that begins at {@code start} ends. */
  long end(LogQuery query, long start) throws IOException {
    return query.limit() == 0 ? end : forward(start, query.limit());
  }

  void copy(long from, long to, OutputStream out) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    long position = from;
    while (position < to) {
      int read = read(position, to, block);
      if (read == 0) {
        return;
      }
      out.write(block.array(), 0, read);
      position += read;
    }
  }

  /** Hands the open files over: the one that holds {@code start} first. The view is empty then. */
  List<FileChannel> releaseFrom(long start) throws IOException {
    int first = partAt(start);
    for (FileChannel skipped : parts.subList(0, first)) {
      skipped.close();
    }
    List<FileChannel> rest = List.copyOf(parts.subList(first, parts.size()));
    parts.clear();
    return rest;
  }

  /** Offset of a position in the file that holds it. */
  long offsetIn(long position) {
    return position - starts.get(partAt(position));
  }

  @Override
  public void close() {
    for (FileChannel part : parts) {
      try {
        part.close();
      } catch (IOException e) {
        // Nothing was written through it.
      }
    }
    parts.clear();
  }

  private int partAt(long position) {
    int part = starts.size() - 1;
    while (part > 0 && starts.get(part) > position) {
      part--;
    }
    return part;
  }

  /** Reads one block from within one part; 0 when a file has shrunk meanwhile. */
  private int read(long from, long to, ByteBuffer block) throws IOException {
    int part = partAt(from);
    long partEnd = part + 1 < starts.size() ? starts.get(part + 1) : end;
    block.clear();
    block.limit((int) Math.min(block.capacity(), Math.min(to, partEnd) - from));
    int total = 0;
    while (block.hasRemaining()) {
      int read = parts.get(part).read(block, from - starts.get(part) + total);
      if (read <= 0) {
        break;
      }
      total += read;
    }
    return total;
  }

  private long forward(long from, long lines) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    long left = lines;
    long position = from;
    while (left > 0 && position < end) {
      int read = read(position, end, block);
      if (read == 0) {
        return end;
      }
      for (int i = 0; i < read; i++) {
        if (block.get(i) == '\n' && --left == 0) {
          return position + i + 1;
        }
      }
      position += read;
    }
    return position;
  }

  /** A last line without its line feed counts; the line feed right before the cursor doesn't. */
  private long back(long from, long lines) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    long left = lines;
    long blockEnd = from;
    while (blockEnd > 0) {
      long partStart = starts.get(partAt(blockEnd - 1));
      long blockStart = Math.max(partStart, blockEnd - BLOCK);
      int read = read(blockStart, blockEnd, block);
      for (int i = read - 1; i >= 0; i--) {
        boolean ownLineFeed = blockStart + i + 1 == from;
        if (block.get(i) == '\n' && !ownLineFeed && --left == 0) {
          return blockStart + i + 1;
        }
      }
      blockEnd = blockStart;
    }
    return 0;
  }
}
