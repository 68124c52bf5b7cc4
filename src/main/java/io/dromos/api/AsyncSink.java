package io.dromos.api;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One client of a never-ending answer, written without a thread of its own: a bounded queue of
 * frames that the container empties when the client can take more. A client that stops reading
 * costs its queue and nothing else; whoever feeds it decides when to drop it.
 *
 * <p>Thread-safe. Callbacks run on a container thread or on the caller of {@link #offer}, without
 * any lock held, and must only signal.
 */
public final class AsyncSink implements WriteListener {
  /** Bytes a client may be behind before {@link #offer} refuses. */
  public static final int MAX_PENDING_BYTES = 256 * 1024;

  private final ServletOutputStream out;
  private final Runnable complete;
  private final Runnable onDrained;
  private final Runnable onClosed;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<byte[]> queue = new ArrayDeque<>();
  private int pendingBytes;
  private boolean writable;
  private boolean unflushed;
  private boolean closing;
  private boolean closed;
  private long progressNanos = System.nanoTime();

  /**
   * @param complete ends the answer; called once
   * @param onDrained the queue ran empty after it had refused a frame or was behind
   * @param onClosed the answer has ended, by the client or by {@link #close}; called once
   */
  AsyncSink(ServletOutputStream out, Runnable complete, Runnable onDrained, Runnable onClosed) {
    this.out = out;
    this.complete = complete;
    this.onDrained = onDrained;
    this.onClosed = onClosed;
  }

  /** Turns the request into an asynchronous one without a timeout and starts writing. */
  public static AsyncSink open(HttpServletRequest request, Runnable onDrained, Runnable onClosed)
      throws IOException {
    AsyncContext context = request.startAsync();
    context.setTimeout(0);
    ServletOutputStream out = context.getResponse().getOutputStream();
    AsyncSink sink = new AsyncSink(out, () -> completeQuietly(context), onDrained, onClosed);
    context.addListener(new CloseListener(sink));
    out.setWriteListener(sink);
    return sink;
  }

  /**
   * Queues a frame.
   *
   * @return false when the client is too far behind or gone; nothing was queued then
   */
  public boolean offer(byte[] frame) {
    lock.lock();
    try {
      if (closed
          || closing
          || (pendingBytes > 0 && pendingBytes + frame.length > MAX_PENDING_BYTES)) {
        return false;
      }
      if (queue.isEmpty()) {
        progressNanos = System.nanoTime();
      }
      queue.addLast(frame);
      pendingBytes += frame.length;
    } finally {
      lock.unlock();
    }
    write(false);
    return true;
  }

  /** Bytes that wait for the client. */
  public int pendingBytes() {
    lock.lock();
    try {
      return pendingBytes;
    } finally {
      lock.unlock();
    }
  }

  /** How long the client has taken nothing although something waits for it. */
  public long stalledMillis() {
    lock.lock();
    try {
      return queue.isEmpty() ? 0 : (System.nanoTime() - progressNanos) / 1_000_000;
    } finally {
      lock.unlock();
    }
  }

  public boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the answer once what is queued has been written. */
  public void finish() {
    boolean now;
    lock.lock();
    try {
      closing = true;
      now = queue.isEmpty();
    } finally {
      lock.unlock();
    }
    if (now) {
      close();
    }
  }

  /** Ends the answer at once; idempotent. */
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      queue.clear();
      pendingBytes = 0;
    } finally {
      lock.unlock();
    }
    complete.run();
    onClosed.run();
  }

  @Override
  public void onWritePossible() {
    write(true);
  }

  @Override
  public void onError(Throwable failure) {
    close();
  }

  private void write(boolean fromContainer) {
    boolean failed = false;
    boolean drained = false;
    boolean finished = false;
    lock.lock();
    try {
      if (fromContainer) {
        writable = true;
      }
      boolean hadWork = !queue.isEmpty();
      writeWhilePossible();
      drained = fromContainer && hadWork && queue.isEmpty();
      finished = closing && !closed && queue.isEmpty();
    } catch (IOException | IllegalStateException e) {
      // The client is gone, or the container has ended the answer already.
      failed = true;
    } finally {
      lock.unlock();
    }
    if (failed || finished) {
      close();
    } else if (drained) {
      onDrained.run();
    }
  }

  private void writeWhilePossible() throws IOException {
    while (writable && !closed && (unflushed || !queue.isEmpty())) {
      // Once isReady has said no, only onWritePossible may write again (Servlet 6.0, 5.7).
      if (!out.isReady()) {
        writable = false;
        return;
      }
      byte[] next = queue.pollFirst();
      if (next == null) {
        unflushed = false;
        out.flush();
      } else {
        pendingBytes -= next.length;
        progressNanos = System.nanoTime();
        unflushed = true;
        out.write(next);
      }
    }
  }

  private static void completeQuietly(AsyncContext context) {
    try {
      context.complete();
    } catch (IllegalStateException e) {
      // The container completed it after an error of its own.
    }
  }

  private record CloseListener(AsyncSink sink) implements AsyncListener {
    @Override
    public void onComplete(AsyncEvent event) {
      sink.close();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
      sink.close();
    }

    @Override
    public void onError(AsyncEvent event) {
      sink.close();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      // Nobody starts it a second time.
    }
  }
}
