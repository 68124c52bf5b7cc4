package io.dromos.dcos;

import io.dromos.api.AsyncSink;
import io.dromos.api.Json;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * Feeds every client that follows a log, from one thread that looks at the files {@link
 * #POLL_MILLIS} apart; with no client it sleeps. A client that is behind is not read for, one that
 * takes nothing for {@link #STALL_MILLIS} is dropped.
 */
final class LogFollowers implements AutoCloseable {
  static final long POLL_MILLIS = 150;
  static final long HEARTBEAT_MILLIS = 10_000;
  static final long STALL_MILLIS = 60_000;

  private static final Logger LOG = System.getLogger(LogFollowers.class.getName());
  private static final long ENDED_CHECK_MILLIS = 1_000;

  /** Small, because a line of one byte makes an event of two hundred. */
  private static final int READ = 16 * 1024;

  private static final byte[] HEARTBEAT = ": still here\n\n".getBytes(StandardCharsets.US_ASCII);

  private final Clock clock;
  private final ScheduledExecutorService thread;
  private final Queue<Follower> arriving = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean signalled = new AtomicBoolean();
  // Only the thread touches these.
  private final List<Follower> followers = new ArrayList<>();
  private boolean pollScheduled;

  LogFollowers(Clock clock, ThreadFactory threads) {
    this.clock = clock;
    this.thread = Executors.newSingleThreadScheduledExecutor(threads);
  }

  /**
   * Streams from now on.
   *
   * @param fields sent with every line, such as {@code AGENT_ID}
   * @param ended true once the task writes no more; asked about once a second
   */
  void follow(AsyncSink sink, LogTail tail, Map<String, String> fields, BooleanSupplier ended) {
    arriving.add(new Follower(sink, tail, fields, ended));
    wake();
  }

  /** Looks at the files now, because a client can take more; any thread. */
  void wake() {
    if (signalled.compareAndSet(false, true)) {
      try {
        thread.execute(this::pass);
      } catch (RejectedExecutionException e) {
        arriving.forEach(Follower::close);
      }
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
    arriving.forEach(Follower::close);
    try {
      if (thread.awaitTermination(2, TimeUnit.SECONDS)) {
        followers.forEach(Follower::close);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pass() {
    signalled.set(false);
    for (Follower next = arriving.poll(); next != null; next = arriving.poll()) {
      followers.add(next);
    }
    for (Iterator<Follower> all = followers.iterator(); all.hasNext(); ) {
      Follower follower = all.next();
      if (!serve(follower)) {
        follower.close();
        all.remove();
      }
    }
    if (!followers.isEmpty() && !pollScheduled) {
      pollScheduled = true;
      try {
        var unused = thread.schedule(this::poll, POLL_MILLIS, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        followers.forEach(Follower::close);
      }
    }
  }

  private void poll() {
    pollScheduled = false;
    pass();
  }

  /** False when the client is done. */
  private boolean serve(Follower follower) {
    AsyncSink sink = follower.sink;
    if (sink.isClosed() || sink.stalledMillis() > STALL_MILLIS) {
      return false;
    }
    try {
      boolean more = true;
      // Read only for a client that has taken everything: then nothing is ever refused.
      while (more && sink.pendingBytes() == 0) {
        List<LogTail.Line> lines = follower.tail.poll(READ);
        more = !lines.isEmpty() && send(follower, lines);
      }
      return sink.pendingBytes() > 0 || !hasEnded(follower);
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.WARNING, "following {0} failed: {1}", follower.fields, String.valueOf(e));
      return false;
    }
  }

  private boolean send(Follower follower, List<LogTail.Line> lines) {
    Instant now = clock.instant();
    StringBuilder events = new StringBuilder();
    for (LogTail.Line line : lines) {
      events.append(event(line, follower.fields, now));
    }
    follower.quietSince = System.nanoTime();
    return follower.sink.offer(events.toString().getBytes(StandardCharsets.UTF_8));
  }

  private boolean hasEnded(Follower follower) throws IOException {
    long now = System.nanoTime();
    long quiet = millis(now - follower.quietSince);
    if (quiet >= HEARTBEAT_MILLIS && follower.sink.pendingBytes() == 0) {
      follower.quietSince = now;
      return !follower.sink.offer(HEARTBEAT);
    }
    if (follower.endSeen) {
      // One more look after the end was known: what was written just before it is out now.
      LogTail.Line rest = follower.tail.rest();
      if (rest != null) {
        send(follower, List.of(rest));
      }
      follower.sink.finish();
      return true;
    }
    if (millis(now - follower.askedNanos) >= ENDED_CHECK_MILLIS) {
      follower.askedNanos = now;
      follower.endSeen = follower.ended.getAsBoolean();
    }
    return false;
  }

  private static long millis(long nanos) {
    return nanos / 1_000_000;
  }

  /** One server-sent event as dcos-log writes it; no id where an offset has no lasting meaning. */
  static String event(LogTail.Line line, Map<String, String> fields, Instant at) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("MESSAGE", line.text());
    all.putAll(fields);
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("fields", all);
    data.put("realtime_timestamp", ChronoUnit.MICROS.between(Instant.EPOCH, at));
    String id = line.offset() < 0 ? "" : "id: " + line.offset() + "\n";
    return id + "data: " + Json.write(data) + "\n\n";
  }

  private static final class Follower {
    private final AsyncSink sink;
    private final LogTail tail;
    private final Map<String, String> fields;
    private final BooleanSupplier ended;
    private long quietSince = System.nanoTime();
    private long askedNanos = System.nanoTime();
    private boolean endSeen;

    Follower(AsyncSink sink, LogTail tail, Map<String, String> fields, BooleanSupplier ended) {
      this.sink = sink;
      this.tail = tail;
      this.fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
      this.ended = ended;
    }

    void close() {
      tail.close();
      sink.finish();
    }
  }
}
