package io.dromos.dataplane.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A servlet's output as an event loop sees it: takes buffers, writes them when the container can
 * take them, says when there is room again. Everything but {@link #onWritePossible} and {@link
 * #onError} runs on the loop.
 */
final class ServletSink implements WriteListener {
  /** Who fills it. Called on the loop. */
  interface Source {
    /** There is room again after {@link #full} said no. */
    void room();

    /** All was written after {@link #end}. */
    void written();

    void failed(Throwable cause);
  }

  private static final int HIGH = 256 * 1024;
  private static final int LOW = 64 * 1024;

  private final EventLoop loop;
  private final ServletOutputStream out;
  private final Source source;
  private final Deque<ByteBuf> queue = new ArrayDeque<>();
  private int queued;
  private boolean possible;
  private boolean full;
  private boolean flush;
  private boolean ended;
  private boolean over;

  ServletSink(EventLoop loop, ServletOutputStream out, Source source) {
    this.loop = loop;
    this.out = out;
    this.source = source;
  }

  /** Takes ownership. */
  void offer(ByteBuf piece) {
    if (over) {
      piece.release();
      return;
    }
    queue.add(piece);
    queued += piece.readableBytes();
    full = full || queued > HIGH;
  }

  boolean full() {
    return full;
  }

  /** Writes what the container takes now. */
  void flush() {
    flush = true;
    drain();
  }

  void end() {
    ended = true;
    drain();
  }

  /** Nothing more is written; what is queued is dropped. */
  void discard() {
    over = true;
    queue.forEach(ByteBuf::release);
    queue.clear();
    queued = 0;
  }

  private void drain() {
    if (!possible || over) {
      return;
    }
    try {
      while (!queue.isEmpty()) {
        if (!out.isReady()) {
          return;
        }
        writeNext();
      }
      if (full && queued <= LOW) {
        full = false;
        source.room();
      }
      if ((ended || flush) && !queue.isEmpty()) {
        drain();
        return;
      }
      if (ended || flush) {
        if (!out.isReady()) {
          return;
        }
        if (ended) {
          over = true;
          source.written();
        } else {
          flush = false;
          out.flush();
        }
      }
    } catch (IOException | IllegalStateException e) {
      discard();
      source.failed(e);
    }
  }

  private void writeNext() throws IOException {
    ByteBuf piece = queue.remove();
    try {
      // A new array each time: the container may keep it until the socket took it.
      byte[] bytes = new byte[piece.readableBytes()];
      piece.readBytes(bytes);
      queued -= bytes.length;
      out.write(bytes);
    } finally {
      piece.release();
    }
  }

  @Override
  public void onWritePossible() {
    loop.execute(
        () -> {
          possible = true;
          drain();
        });
  }

  @Override
  public void onError(Throwable cause) {
    loop.execute(
        () -> {
          if (!over) {
            discard();
            source.failed(cause);
          }
        });
  }
}
