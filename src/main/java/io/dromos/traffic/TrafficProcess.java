package io.dromos.traffic;

import io.dromos.dataplane.Handover;
import io.dromos.dataplane.ListeningSockets;
import io.dromos.dataplane.stats.StatsPlane;
import io.dromos.platform.Loops;
import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import io.dromos.platform.ThreadLoops;
import io.dromos.platform.TrafficDir;
import io.dromos.routing.PlaneLanes;
import io.dromos.routing.PlaneState;
import io.dromos.routing.RoutingSnapshot;
import io.dromos.routing.RoutingTable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The traffic process: the planes, fed by whichever server is there, and for the rest on their own.
 *
 * <p>Start: the sockets of a predecessor, the last snapshot from disk, the planes, and only then
 * the names under which server and successor find it. End: a successor's word, after which
 * connections get their time, or SIGTERM, after which requests get a moment.
 */
public final class TrafficProcess {
  private static final Logger LOG = System.getLogger(TrafficProcess.class.getName());
  private static final Duration FIRST_SNAPSHOT = Duration.ofSeconds(10);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final TrafficDir directory;
  private final String identity;
  private final Duration drainLimit;
  private final SnapshotFile file;
  private final PlaneLanes lanes;
  private final Loops loops = new ThreadLoops(TrafficProcess::daemon);
  private final Loops.Loop reporting;
  private final Loops.Loop keeping;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicBoolean leaving = new AtomicBoolean();
  private volatile @Nullable RoutingSnapshot newest;
  private volatile @Nullable RoutingSnapshot kept;
  private volatile @Nullable MessageStream link;
  private @Nullable List<PlaneState> reported;
  private @Nullable ControlSocket control;
  private @Nullable Handover handover;

  private TrafficProcess(TrafficDir directory, String identity, Settings settings) {
    this.directory = directory;
    this.identity = identity;
    this.drainLimit =
        Duration.ofSeconds(settings.integer(Setting.TRAFFIC_DRAIN, 0, Integer.MAX_VALUE));
    this.file = new SnapshotFile(directory.snapshot());
    this.reporting = loops.loop("traffic-report", this::report, 100);
    this.keeping = loops.loop("traffic-snapshot", this::keep, 1_000);
    this.lanes =
        new PlaneLanes(
            new RoutingTable(),
            TrafficPlanes.of(settings, new Refresh()),
            loops,
            Clock.systemUTC(),
            reporting::signal);
  }

  /**
   * A process that serves; it goes on until a successor or {@link #stop} ends it.
   *
   * @param identity what it was started from and with; who watches compares it
   * @throws Settings.InvalidSettingException for settings that cannot be used
   * @throws IOException when it can't open its door
   */
  static TrafficProcess start(TrafficDir directory, String identity, Settings settings)
      throws IOException {
    // Before the planes: they take the sockets that are there.
    Optional<Handover> predecessor = takeOver(directory);
    TrafficProcess process = new TrafficProcess(directory, identity, settings);
    process.begin(predecessor);
    return process;
  }

  private static Optional<Handover> takeOver(TrafficDir directory) {
    try {
      return Handover.take(directory.handover());
    } catch (IOException e) {
      LOG.log(Level.WARNING, "{0}; it serves on until it is stopped", e.getMessage());
      return Optional.empty();
    }
  }

  private void begin(Optional<Handover> predecessor) throws IOException {
    reporting.start();
    keeping.start();
    // After the predecessor has come to a halt, so that it is the newest that was acknowledged.
    Optional<RoutingSnapshot> last = file.read();
    last.ifPresent(
        snapshot -> {
          newest = snapshot;
          kept = snapshot;
          lanes.serve(snapshot);
          await(FIRST_SNAPSHOT, () -> lanes.states().stream().allMatch(TrafficProcess::hasTried));
          LOG.log(Level.INFO, "traffic is served from the routes kept: {0}", summary());
        });
    if (Handover.isPossible()) {
      Path fresh = directory.handover().resolveSibling("handover.sock.new");
      Files.deleteIfExists(fresh);
      handover = Handover.offer(fresh, new Successor());
      replace(fresh, directory.handover());
    }
    control =
        ControlSocket.open(
            directory.control(),
            identity + " " + ProcessHandle.current().pid(),
            this::followServer);
    Path pid = directory.pid().resolveSibling("pid.new");
    Files.writeString(pid, ProcessHandle.current().pid() + "\n");
    replace(pid, directory.pid());
    predecessor.ifPresent(
        before -> {
          before.confirm();
          before.close();
          LOG.log(Level.INFO, "the predecessor's sockets are taken over, it drains");
        });
    if (last.isPresent()) {
      ListeningSockets.closeUnclaimed();
    }
    Loops.Timers timers = loops.timers();
    timers.every(RETRY, RETRY, lanes::retryDegraded);
  }

  private static boolean hasTried(PlaneState state) {
    return state.revision() > 0 || !state.live();
  }

  private String summary() {
    StringBuilder text = new StringBuilder();
    lanes
        .states()
        .forEach(state -> text.append(state.name()).append(' ').append(state.line()).append("; "));
    return text.isEmpty() ? "no planes" : text.substring(0, text.length() - 2);
  }

  private static void replace(Path fresh, Path path) throws IOException {
    Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** One server, for as long as it is there. */
  private void followServer(MessageStream stream) {
    link = stream;
    synchronized (this) {
      reported = null;
    }
    reporting.signal();
    LOG.log(Level.INFO, "the server is there");
    try {
      while (true) {
        if (stream.receive() instanceof TrafficMessage.Serve serve) {
          serve(serve.snapshot());
        }
      }
    } catch (IOException e) {
      if (!leaving.get()) {
        LOG.log(
            Level.INFO, "the server has gone ({0}); the last routes are served on", e.getMessage());
      }
    }
  }

  private void serve(RoutingSnapshot snapshot) {
    boolean first = newest == null;
    newest = snapshot;
    lanes.serve(snapshot);
    keeping.signal();
    if (first) {
      await(FIRST_SNAPSHOT, () -> lanes.states().stream().allMatch(TrafficProcess::hasTried));
      ListeningSockets.closeUnclaimed();
    }
  }

  /** Tells the server how the planes stand, when that has changed. */
  private void report() throws IOException {
    MessageStream stream = link;
    List<PlaneState> states = lanes.states();
    synchronized (this) {
      if (stream == null || states.equals(reported)) {
        return;
      }
      reported = states;
    }
    try {
      stream.send(new TrafficMessage.Standing(ProcessHandle.current().pid(), states));
    } catch (IOException e) {
      // It has gone: its successor asks again.
      LOG.log(Level.DEBUG, "not reported: {0}", e.getMessage());
    }
  }

  private void keep() throws IOException {
    RoutingSnapshot snapshot = newest;
    if (snapshot != null && !snapshot.equals(kept)) {
      file.write(snapshot);
      kept = snapshot;
    }
  }

  /** The signals of the statistics: routes are compiled by the server, and served here. */
  private final class Refresh implements StatsPlane.Refresh {
    @Override
    public boolean fetch() {
      MessageStream stream = link;
      try {
        if (stream != null) {
          stream.send(new TrafficMessage.LookAgain());
          return true;
        }
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "the server has gone: {0}", e.getMessage());
      }
      return false;
    }

    @Override
    public boolean reapply() {
      lanes.reapply();
      return true;
    }
  }

  /** What this process does for the next one. */
  private final class Successor implements Handover.Predecessor {
    /**
     * Once this returns, what is on disk is what is served, and nobody is told of anything else.
     */
    @Override
    public void hold() {
      try {
        ControlSocket open = control;
        if (open != null) {
          open.hold();
        }
        keep();
      } catch (IOException e) {
        LOG.log(Level.WARNING, "the routes could not be kept for the successor: {0}", e.toString());
      }
    }

    @Override
    public void resume() {
      ControlSocket open = control;
      if (open != null && !leaving.get()) {
        LOG.log(Level.WARNING, "the successor has gone before it served; this process goes on");
        open.resume();
      }
    }

    @Override
    public void drain() {
      daemon(TrafficProcess.this::leave).start();
    }
  }

  /** Everything stops, and nothing is left behind; a process that drains ends at once. */
  void stop() {
    if (!leaving.compareAndSet(false, true)) {
      ended.countDown();
    } else {
      LOG.log(Level.INFO, "asked to stop: nothing is served any more");
      quieten();
      lanes.close();
      closeHandover();
      try {
        Files.deleteIfExists(directory.control());
        Files.deleteIfExists(directory.handover());
        Files.deleteIfExists(directory.pid());
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "left behind: {0}", e.toString());
      }
      ended.countDown();
    }
  }

  /** SIGHUP: a successor is wanted. */
  void renew() {
    ControlSocket open = control;
    if (open == null || !open.askForSuccessor()) {
      LOG.log(Level.WARNING, "nobody watches over this process who could start its successor");
    }
  }

  /** A successor serves: what is open may go on for a while. */
  private void leave() {
    if (!leaving.compareAndSet(false, true)) {
      return;
    }
    quieten();
    lanes.drain();
    LOG.log(
        Level.INFO,
        "a successor serves: {0} connections may go on for {1} s",
        String.valueOf(lanes.open()),
        String.valueOf(drainLimit.toSeconds()));
    await(drainLimit, () -> lanes.open() == 0);
    long cut = lanes.open();
    if (cut > 0) {
      LOG.log(
          Level.WARNING,
          "{0} connections are cut at the end of their time (dromos.traffic.drain)",
          String.valueOf(cut));
    }
    lanes.close();
    closeHandover();
    ended.countDown();
  }

  private void quieten() {
    try {
      ControlSocket open = control;
      if (open != null) {
        open.close();
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "while leaving: {0}", e.toString());
    }
    reporting.close();
    keeping.close();
  }

  private void closeHandover() {
    Handover open = handover;
    if (open != null) {
      open.close();
    }
  }

  void awaitEnd() {
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Polls, since planes have nobody to tell. */
  private static void await(Duration limit, BooleanSupplier condition) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    return thread;
  }
}
