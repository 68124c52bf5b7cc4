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

/** One node a data directory: an advisory lock that the kernel drops with the process. */
public final class DataDirLock implements AutoCloseable {
  private final FileChannel channel;

  private DataDirLock(FileChannel channel) {
    this.channel = channel;
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
    Path file = dataDir.resolve("lock");
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
      FileLock lock = channel.tryLock();
      if (lock == null) {
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
      return new DataDirLock(channel);
    } catch (OverlappingFileLockException e) {
      return new DataDirLock(channel);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
