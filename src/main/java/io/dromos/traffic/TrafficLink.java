package io.dromos.traffic;

import io.dromos.platform.Loops;
import io.dromos.platform.TrafficDir;
import io.dromos.routing.PlaneGroup;
import io.dromos.routing.PlaneReport;
import io.dromos.routing.PlaneState;
import io.dromos.routing.RoutingSnapshot;
import io.dromos.routing.ServedLatency;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The planes of the traffic process, as the server sees them: snapshots go there, newest only, and
 * what each plane serves comes back. While there is no such process it holds nobody up for longer
 * than {@link #PATIENCE}: what it serves by then is nothing, or what it served before.
 */
public final class TrafficLink implements PlaneGroup {
  private static final Logger LOG = System.getLogger(TrafficLink.class.getName());
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(20);
  private static final String NAME = "traffic";

  private final TrafficDir directory;
  private final Clock clock;
  private final Runnable onState;
  private final Runnable lookAgain;
  private final Loops.Loop following;
  private final Loops.Loop sending;
  private volatile @Nullable RoutingSnapshot newest;
  private volatile @Nullable MessageStream stream;
  private volatile List<PlaneState> states = List.of();
  private volatile @Nullable Instant away;
  private volatile boolean closed;
  private @Nullable RoutingSnapshot sent;
  private @Nullable MessageStream sentTo;
  private boolean begun;

  /**
   * @param onState called whenever the state of a plane may have changed; must only signal
   * @param lookAgain called when somebody asks there for newer routes; must only signal
   */
  public TrafficLink(
      TrafficDir directory, Loops loops, Clock clock, Runnable onState, Runnable lookAgain) {
    this.lookAgain = lookAgain;
    this.directory = directory;
    this.clock = clock;
    this.onState = onState;
    this.away = clock.instant();
    this.following = loops.loop("traffic-link", this::follow, 1_000);
    this.sending = loops.loop("traffic-feed", this::send, 100);
  }

  /** The link is made with the first snapshot. */
  @Override
  public synchronized void serve(RoutingSnapshot next) {
    newest = next;
    if (!begun) {
      begun = true;
      sending.start();
      following.start();
      following.signal();
    }
    sending.signal();
  }

  /** Runs for as long as the server does. */
  private void follow() {
    while (!closed) {
      try (MessageStream connected = connect()) {
        stream = connected;
        sending.signal();
        while (true) {
          heard(connected.receive());
        }
      } catch (IOException e) {
        lost(e);
        LockSupport.parkNanos(PAUSE);
      }
    }
  }

  private void heard(TrafficMessage message) {
    if (message instanceof TrafficMessage.Standing standing) {
      if (away != null) {
        away = null;
        LOG.log(Level.INFO, "traffic is served by process {0}", String.valueOf(standing.pid()));
      }
      states = standing.planes();
      onState.run();
    } else if (message instanceof TrafficMessage.LookAgain) {
      lookAgain.run();
    }
  }

  private MessageStream connect() throws IOException {
    SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(directory.control()));
    try {
      channel.write(ByteBuffer.wrap(new byte[] {'L'}));
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    return new MessageStream(channel);
  }

  private void lost(IOException e) {
    stream = null;
    if (closed) {
      return;
    }
    Instant since = away;
    if (since == null) {
      away = clock.instant();
      LOG.log(
          Level.INFO,
          "the traffic process has gone ({0}); its successor is awaited",
          e.getMessage());
    } else if (isOverdue(since)) {
      onState.run();
    }
  }

  private boolean isOverdue(Instant since) {
    return clock.instant().isAfter(since.plus(PATIENCE));
  }

  private void send() throws IOException {
    MessageStream to = stream;
    RoutingSnapshot snapshot = newest;
    if (to == null || snapshot == null || isSent(to, snapshot)) {
      return;
    }
    to.send(new TrafficMessage.Serve(snapshot));
    sent = snapshot;
    sentTo = to;
  }

  @SuppressWarnings("ReferenceEquality") // another snapshot, and another link, is another object
  private boolean isSent(MessageStream to, RoutingSnapshot snapshot) {
    return to == sentTo && snapshot == sent;
  }

  /**
   * What was heard last, for as long as a successor may be expected any moment; afterwards the
   * planes count as failed.
   */
  @Override
  public List<PlaneState> states() {
    List<PlaneState> heard = states;
    Instant since = away;
    if (since == null) {
      return heard;
    }
    boolean overdue = isOverdue(since);
    if (heard.isEmpty()) {
      return List.of(
          new PlaneState(
              NAME,
              0,
              !overdue,
              overdue
                  ? "serves nothing: the traffic process is not there; the log of up says why"
                  : "waits for the traffic process",
              PlaneReport.ALL_SERVED,
              ServedLatency.NONE));
    }
    return overdue
        ? heard.stream()
            .map(
                state ->
                    new PlaneState(
                        state.name(),
                        state.revision(),
                        false,
                        "serves nothing: the traffic process has gone; the log of up says why",
                        state.report(),
                        state.latency()))
            .toList()
        : heard;
  }

  /** The traffic process does that by itself. */
  @Override
  public void retryDegraded() {}

  /** Asked for there, it is done there. */
  @Override
  public void reapply() {}

  /** Lets go of the traffic process, which goes on. */
  @Override
  public void close() {
    closed = true;
    MessageStream open = stream;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "while closing: {0}", e.toString());
      }
    }
    following.close();
    sending.close();
  }
}
