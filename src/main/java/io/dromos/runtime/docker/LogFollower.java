package io.dromos.runtime.docker;

import com.github.dockerjava.transport.DockerHttpClient;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads one container's output from the Engine for as long as the Engine keeps it open. The
 * client's own reader cuts entries wherever the network did, which would tear the times off that
 * entries begin with; so the stream is read here.
 */
final class LogFollower implements Runnable, Closeable {
  private static final Logger LOG = System.getLogger(LogFollower.class.getName());
  private static final int HEADER = 8;
  private static final int BIGGEST_ENTRY = 16 * 1024 * 1024;
  private static final int STDERR = 2;

  private final Engine engine;
  private final String container;
  private final ContainerLog log;
  private final CountDownLatch end = new CountDownLatch(1);
  private DockerHttpClient.@Nullable Response response;
  private boolean closed;

  LogFollower(Engine engine, String container, ContainerLog log) {
    this.engine = engine;
    this.container = container;
    this.log = log;
  }

  @Override
  public void run() {
    try (DockerHttpClient.Response opened = engine.logs(container, log.resume())) {
      if (begin(opened) && opened.getStatusCode() == 200) {
        read(opened.getBody());
      }
    } catch (IOException | RuntimeException e) {
      // The next look at the Engine opens it again, if the container is still there.
      LOG.log(Level.DEBUG, "the output of container " + container + " broke off", e);
    } finally {
      save();
      end.countDown();
    }
  }

  /** False when it was closed before it was open. */
  private synchronized boolean begin(DockerHttpClient.Response opened) {
    response = opened;
    return !closed;
  }

  /**
   * Entries come with a header of 8 bytes: stream, three zeros, length. A container with a terminal
   * has one stream and no headers; it then begins with a time, that is with a digit.
   */
  private void read(InputStream body) throws IOException {
    int first = body.read();
    if (first > STDERR) {
      readTerminal(first, body);
      return;
    }
    byte[] header = new byte[HEADER];
    header[0] = (byte) first;
    while (first >= 0 && body.readNBytes(header, 1, HEADER - 1) == HEADER - 1) {
      int length =
          (header[4] & 0xff) << 24
              | (header[5] & 0xff) << 16
              | (header[6] & 0xff) << 8
              | (header[7] & 0xff);
      if (length < 0 || length > BIGGEST_ENTRY) {
        throw new IOException("no entry of a log: " + length + " bytes");
      }
      byte[] entry = body.readNBytes(length);
      if (entry.length < length) {
        return;
      }
      log.entry(header[0] == STDERR ? "stderr" : "stdout", entry);
      first = body.read();
      header[0] = (byte) first;
    }
  }

  private void readTerminal(int first, InputStream body) throws IOException {
    log.piece(new byte[] {(byte) first}, 1);
    byte[] buffer = new byte[8192];
    int read;
    while ((read = body.read(buffer)) >= 0) {
      log.piece(buffer, read);
    }
  }

  boolean isOpen() {
    return end.getCount() > 0;
  }

  /** False when the time was over before the output was. */
  boolean await(long time, TimeUnit unit) throws InterruptedException {
    return end.await(time, unit);
  }

  void save() {
    try {
      log.save();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot note how far the output of a container was copied", e);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (response != null) {
      response.close();
    }
  }
}
