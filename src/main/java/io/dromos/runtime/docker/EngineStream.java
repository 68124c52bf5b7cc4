package io.dromos.runtime.docker;

import com.github.dockerjava.api.async.ResultCallback;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An answer of the Engine that comes piece by piece. Unlike the client's own base class it leaves
 * it to its user what to say about a failure, instead of logging a stack trace.
 */
abstract class EngineStream<T> implements ResultCallback<T> {
  private static final Logger LOG = System.getLogger(EngineStream.class.getName());

  private final CountDownLatch end = new CountDownLatch(1);
  private volatile @Nullable Throwable failure;
  private @Nullable Closeable connection;
  private boolean closed;

  /** One piece, on the stream's own thread. */
  abstract void take(T piece) throws IOException;

  /** Nothing comes any more. */
  void ended() {}

  boolean isOpen() {
    return end.getCount() > 0;
  }

  /** Why the stream broke, if it did. */
  @Nullable Throwable failure() {
    return failure;
  }

  /** False when the time was over first. */
  boolean await(long time, TimeUnit unit) throws InterruptedException {
    return end.await(time, unit);
  }

  void await() throws InterruptedException {
    end.await();
  }

  @Override
  public synchronized void onStart(Closeable opened) {
    connection = opened;
    if (closed) {
      closeConnection();
    }
  }

  @Override
  public void onNext(T piece) {
    try {
      take(piece);
    } catch (IOException | RuntimeException e) {
      onError(e);
    }
  }

  @Override
  public void onError(Throwable thrown) {
    if (failure == null && isOpen()) {
      failure = thrown;
    }
    close();
  }

  @Override
  public void onComplete() {
    close();
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      closeConnection();
    }
    if (isOpen()) {
      end.countDown();
      ended();
    }
  }

  private void closeConnection() {
    Closeable opened = connection;
    connection = null;
    if (opened != null) {
      try {
        opened.close();
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "closing a stream of the Docker Engine", e);
      }
    }
  }
}
