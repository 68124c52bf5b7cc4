package io.dromos.platform;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One node a data directory: an advisory lock that the kernel drops with the process. The kernel
 * also drops it when the process closes any channel to the file, so all holders of one process
 * share one channel, and the last to let go closes it.
 */
public final class DataDirLock implements AutoCloseable {
  /** A process that was killed a moment ago holds it until the kernel has buried it. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);

  private static final Map<Path, Shared> HELD = new HashMap<>();

  /** The one channel of this process to one lock file. */
  private static final class Shared {
    final Path file;
    final FileChannel channel;
    int holders;

    Shared(Path file, FileChannel channel) {
      this.file = file;
      this.channel = channel;
    }
  }

  private final Shared shared;
  private boolean closed;

  private DataDirLock(Shared shared) {
    this.shared = shared;
    shared.holders++;
  }

  /**
   * Takes the directory, creating it if need be. Taking it again in the process that holds it is
   * allowed: the launcher and the application it deploys are one node.
   *
   * @throws IOException with a sentence for the user when it can't be had
   */
  public static DataDirLock take(Path dataDir) throws IOException {
    try {
      Files.createDirectories(dataDir);
    } catch (IOException e) {
      throw new IOException(
          "the data directory "
              + dataDir
              + " can't be created ("
              + e
              + "): choose another with"
              + " --data-dir",
          e);
    }
    Path file = dataDir.toRealPath().resolve("lock");
    synchronized (HELD) {
      Shared shared = HELD.get(file);
      if (shared == null) {
        shared = new Shared(file, lock(dataDir, file));
        HELD.put(file, shared);
      }
      return new DataDirLock(shared);
    }
  }

  private static FileChannel lock(Path dataDir, Path file) throws IOException {
    FileChannel channel;
    try {
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new IOException(
          "the data directory "
              + dataDir
              + " can't be written ("
              + e
              + "): run as its owner, or"
              + " choose another with --data-dir",
          e);
    }
    try {
      if (!lockSoon(channel)) {
        String holder = Files.readString(file).strip();
        channel.close();
        throw new IOException(
            "the data directory "
                + dataDir
                + " is in use by another node (process "
                + holder
                + "): stop it, or choose another with --data-dir");
      }
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
      return channel;
    } catch (OverlappingFileLockException e) {
      // Another loader of this class in the same server has it; closing would take it from there.
      return channel;
    }
  }

  private static boolean lockSoon(FileChannel channel) throws IOException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    FileLock lock = channel.tryLock();
    while (lock == null && System.nanoTime() < deadline) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      lock = channel.tryLock();
    }
    return lock != null;
  }

  @Override
  public void close() throws IOException {
    synchronized (HELD) {
      if (!closed) {
        closed = true;
        if (--shared.holders == 0) {
          HELD.remove(shared.file);
          shared.channel.close();
        }
      }
    }
  }
}
