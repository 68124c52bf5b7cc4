package io.dromos.api;

import io.dromos.cluster.ChangeFeed;
import io.dromos.cluster.Topic;
import io.dromos.store.EventStore;
import io.dromos.store.StoredEvent;
import io.dromos.store.Transactions;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Hands the stored events to every attached client, in order, from one thread. The thread is woken
 * by the change feed and by a timer, reads each event once for all clients, and keeps the newest in
 * memory. Each client has its own position: a slow one falls behind and is served from the store,
 * and is dropped when it takes nothing for {@link #STALL_MILLIS}.
 */
final class EventStream implements AutoCloseable {
  static final long HEARTBEAT_MILLIS = 10_000;
  static final long STALL_MILLIS = 20_000;

  /** Ours: events that a client asks for, or lags behind, have been pruned. */
  static final String GAP = "event_stream_gap_event";

  private static final Logger LOG = System.getLogger(EventStream.class.getName());
  private static final byte[] HEARTBEAT = {'\r', '\n'};
  private static final int PAGE = 500;
  private static final int KEPT = 2_000;

  private final EventStore events;
  private final Transactions transactions;
  private final Clock clock;
  private final ScheduledExecutorService thread;
  private final AtomicBoolean signalled = new AtomicBoolean();
  private final Queue<Client> arriving = new ConcurrentLinkedQueue<>();

  // Only the thread touches these.
  private final List<Client> clients = new ArrayList<>();
  private final ArrayDeque<StoredEvent> recent = new ArrayDeque<>();
  private long head;
  private long recentFrom;
  private @Nullable String lastFailure;

  EventStream(EventStore events, Transactions transactions, Clock clock, ThreadFactory threads) {
    this.events = events;
    this.transactions = transactions;
    this.clock = clock;
    this.thread = Executors.newSingleThreadScheduledExecutor(threads);
  }

  /** Subscribes to the feed; the timer alone is enough when notifications are off. */
  EventStream start(ChangeFeed feed) {
    feed.subscribe(
        topics -> {
          if (topics.contains(Topic.EVENTS)) {
            signal();
          }
        });
    var unused = thread.scheduleWithFixedDelay(this::turnSafely, 1, 1, TimeUnit.SECONDS);
    return this;
  }

  /** Asks for a turn, soon; any thread. */
  void signal() {
    if (signalled.compareAndSet(false, true)) {
      try {
        thread.execute(this::turnSafely);
      } catch (RejectedExecutionException e) {
        // Closed: nobody is left to serve.
      }
    }
  }

  /** Takes a client in; it gets {@code event_stream_attached} first. */
  void attach(Client client) {
    arriving.add(client);
    signal();
  }

  @Override
  public void close() {
    thread.shutdownNow();
    arriving.forEach(c -> c.sink.close());
    try {
      if (thread.awaitTermination(2, TimeUnit.SECONDS)) {
        clients.forEach(c -> c.sink.close());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void turnSafely() {
    signalled.set(false);
    try {
      turn();
      lastFailure = null;
    } catch (RuntimeException e) {
      String failure = String.valueOf(e);
      if (!failure.equals(lastFailure)) {
        LOG.log(Level.WARNING, "event stream cannot read events, retrying: {0}", failure);
        lastFailure = failure;
      }
    }
    keepAlive();
  }

  private void turn() {
    dropClosed();
    if (clients.isEmpty() && arriving.isEmpty()) {
      return;
    }
    transactions.run(
        () -> {
          if (clients.isEmpty()) {
            head = events.lastId();
            recentFrom = head;
            recent.clear();
          }
          admit();
          readTail();
          clients.forEach(this::pump);
        });
  }

  private void admit() {
    for (Client next = arriving.poll(); next != null; next = arriving.poll()) {
      Client client = next;
      Long last = client.lastEventId;
      client.position = last == null || last > head ? head : last;
      clients.add(client);
      byte[] frame = connectionFrame("event_stream_attached", client);
      clients.forEach(c -> c.offer("event_stream_attached", frame));
      if (last != null && last > head) {
        tellGap(client, last, head + 1);
      }
      LOG.log(Level.DEBUG, "event stream: {0} attached", client.remoteAddress);
    }
  }

  private void dropClosed() {
    for (Iterator<Client> all = clients.iterator(); all.hasNext(); ) {
      Client client = all.next();
      if (!client.sink.isClosed() && client.sink.stalledMillis() > STALL_MILLIS) {
        LOG.log(Level.INFO, "event stream: {0} reads too slowly, dropped", client.remoteAddress);
        client.sink.close();
      }
      if (client.sink.isClosed()) {
        all.remove();
        byte[] frame = connectionFrame("event_stream_detached", client);
        clients.forEach(
            c -> {
              if (!c.sink.isClosed()) {
                c.offer("event_stream_detached", frame);
              }
            });
      }
    }
  }

  private void readTail() {
    List<StoredEvent> page;
    do {
      page = events.after(head, PAGE);
      for (StoredEvent event : page) {
        recent.addLast(event);
        head = event.id();
        if (recent.size() > KEPT) {
          recentFrom = recent.removeFirst().id();
        }
      }
    } while (page.size() == PAGE);
  }

  private void pump(Client client) {
    while (client.position < head && !client.sink.isClosed()) {
      Iterable<StoredEvent> next = recent;
      if (client.position < recentFrom) {
        List<StoredEvent> page = events.after(client.position, PAGE);
        long first = page.isEmpty() ? head + 1 : page.get(0).id();
        if (first > client.position + 1) {
          if (!tellGap(client, client.position, first)) {
            return;
          }
          client.position = first - 1;
        }
        next = page;
      }
      for (StoredEvent event : next) {
        if (event.id() > client.position) {
          if (!client.offer(event.type(), client.wants(event.type()) ? frame(event) : null)) {
            return;
          }
          client.position = event.id();
        }
      }
    }
  }

  /** What lies between the two is not kept any more: whoever reads must look at the state again. */
  private boolean tellGap(Client client, long last, long first) {
    String json =
        "{\"lastEventId\":"
            + last
            + ",\"nextEventId\":"
            + first
            + ",\"eventType\":\""
            + GAP
            + "\",\"timestamp\":\""
            + Json.time(clock.instant())
            + "\"}";
    String frame = "event: " + GAP + "\r\ndata: " + json + "\r\n\r\n";
    return client.offer(GAP, frame.getBytes(StandardCharsets.UTF_8));
  }

  private void keepAlive() {
    for (Client client : clients) {
      if (client.quietMillis() >= HEARTBEAT_MILLIS && client.sink.pendingBytes() == 0) {
        client.send(HEARTBEAT);
      }
    }
  }

  private byte[] connectionFrame(String type, Client client) {
    String json =
        "{\"remoteAddress\":\""
            + client.remoteAddress
            + "\",\"eventType\":\""
            + type
            + "\",\"timestamp\":\""
            + Json.time(clock.instant())
            + "\"}";
    return ("event: " + type + "\r\ndata: " + json + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
  }

  /** The id comes first, so that the rest is byte for byte what Marathon sends. */
  static byte[] frame(StoredEvent event) {
    return ("id: "
            + event.id()
            + "\r\nevent: "
            + event.type()
            + "\r\ndata: "
            + event.json()
            + "\r\n\r\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  /** One attached client. */
  static final class Client {
    private final AsyncSink sink;
    private final Set<String> types;
    private final @Nullable Long lastEventId;
    private final String remoteAddress;
    private long position;
    private long sentNanos = System.nanoTime();

    /**
     * @param types wanted event types; empty for all
     * @param lastEventId replay what came after it; null to begin with what comes next
     */
    Client(AsyncSink sink, Set<String> types, @Nullable Long lastEventId, String remoteAddress) {
      this.sink = sink;
      this.types = Set.copyOf(types);
      this.lastEventId = lastEventId;
      this.remoteAddress = remoteAddress;
    }

    boolean wants(String type) {
      return types.isEmpty() || types.contains(type);
    }

    /** True when the client is done with this event: it was queued, or it isn't wanted. */
    boolean offer(String type, byte @Nullable [] frame) {
      return frame == null || !wants(type) || send(frame);
    }

    private boolean send(byte[] frame) {
      boolean queued = sink.offer(frame);
      if (queued) {
        sentNanos = System.nanoTime();
      }
      return queued;
    }

    private long quietMillis() {
      return (System.nanoTime() - sentNanos) / 1_000_000;
    }
  }
}
