package io.dromos.dataplane.stats;

import io.dromos.dataplane.BindFailure;
import io.dromos.dataplane.Transport;
import io.dromos.dataplane.stats.StatColumns.Line;
import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import io.dromos.routing.DataPlane;
import io.dromos.routing.PlaneReport;
import io.dromos.routing.RoutingSnapshot;
import io.netty.util.concurrent.Future;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells what went through the planes of this process, at the paths where marathon-lb tells it
 * (marathon-lb reference, 15): the statistics of HAProxy as a page and as CSV, health, maps and
 * configuration, process ids, signals, and Prometheus metrics. Asks nobody outside of the process.
 */
public final class StatsPlane implements DataPlane {
  private static final Logger LOG = System.getLogger(StatsPlane.class.getName());
  private static final String HTML = "text/html; charset=utf-8";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final Transport transport;
  private final StatsServer server;
  private final List<Measured> planes;
  private final String address;
  private final int port;
  private final boolean asked;
  private final Refresh refresh;
  private final Map<String, Watch> watches = new ConcurrentHashMap<>();
  private volatile RoutingSnapshot snapshot = RoutingSnapshot.EMPTY;
  private @Nullable Future<?> watching;
  private String said = "";

  /** What {@code /_mlb_signal} sets off. Must only signal. */
  public interface Refresh {
    /** Where nobody compiles routes. */
    Refresh NOBODY =
        new Refresh() {
          @Override
          public boolean fetch() {
            return false;
          }

          @Override
          public boolean reapply() {
            return false;
          }
        };

    /** Look at the store again and publish what is there. False when nobody is there to do it. */
    boolean fetch();

    /** Serve once more what is served already. False when nobody is there to do it. */
    boolean reapply();
  }

  /**
   * Uses and, at the end, closes {@code transport}, of which one loop is enough.
   *
   * @param asked somebody chose this address, so that it is a fault when it cannot be had
   */
  public StatsPlane(
      Transport transport,
      List<Measured> planes,
      String address,
      int port,
      boolean asked,
      Refresh refresh) {
    this.transport = transport;
    this.planes = List.copyOf(planes);
    this.address = address;
    this.port = port;
    this.asked = asked;
    this.refresh = refresh;
    this.server = new StatsServer(transport, this::answer);
  }

  /**
   * The plane that the settings ask for; none with port 0.
   *
   * @throws Settings.InvalidSettingException for settings that cannot be used
   */
  public static Optional<StatsPlane> of(
      Settings settings, List<? extends DataPlane> planes, Refresh refresh) {
    int port = settings.integer(Setting.STATS_PORT, 0, 65_535);
    if (port == 0) {
      return Optional.empty();
    }
    List<Measured> measured = new ArrayList<>();
    for (DataPlane plane : planes) {
      if (plane instanceof Measured known) {
        measured.add(known);
      }
    }
    return Optional.of(
        new StatsPlane(
            Transport.start("stats", 1),
            measured,
            settings.text(Setting.STATS_ADDRESS),
            port,
            settings.explicit(Setting.STATS_PORT).isPresent()
                || settings.explicit(Setting.STATS_ADDRESS).isPresent(),
            refresh));
  }

  @Override
  public String name() {
    return "stats";
  }

  /**
   * Listens with the first snapshot. A port that nobody chose and that is taken, as 9090 is where a
   * Prometheus runs, is said once and left.
   */
  @Override
  public synchronized PlaneReport apply(RoutingSnapshot next) {
    snapshot = next;
    if (watching == null) {
      watching = transport.group().scheduleAtFixedRate(this::look, 1, 1, TimeUnit.SECONDS);
    }
    if (server.isOpen()) {
      return PlaneReport.ALL_SERVED;
    }
    Throwable failure = server.open(new InetSocketAddress(address, port));
    if (failure == null) {
      LOG.log(Level.INFO, "statistics on {0} port {1}", address, Integer.toString(server.port()));
      return PlaneReport.ALL_SERVED;
    }
    String sentence =
        "statistics: "
            + BindFailure.sentence(address, port, failure)
            + "; or choose another "
            + Setting.STATS_PORT.key();
    if (!said.equals(sentence)) {
      said = sentence;
      LOG.log(Level.WARNING, "{0}", sentence);
    }
    return asked ? new PlaneReport(Map.of("statistics", sentence)) : PlaneReport.ALL_SERVED;
  }

  /** Port it listens on; 0 before the first snapshot or where it may not. */
  public synchronized int port() {
    return server.isOpen() ? server.port() : 0;
  }

  private void look() {
    long now = System.currentTimeMillis();
    List<StatRow> rows = rows();
    rows.forEach(row -> watch(row).look(now));
    if (watches.size() > rows.size()) {
      watches.keySet().retainAll(rows.stream().map(StatRow::key).collect(Collectors.toSet()));
    }
  }

  private List<StatRow> rows() {
    List<StatRow> rows = new ArrayList<>();
    planes.forEach(plane -> rows.addAll(plane.rows()));
    return rows;
  }

  private Watch watch(StatRow row) {
    return watches.computeIfAbsent(row.key(), key -> new Watch(row.counts()));
  }

  private List<Line> lines() {
    long now = System.currentTimeMillis();
    return rows().stream().map(row -> new Line(row, watch(row), now)).toList();
  }

  private StatsAnswer answer(StatsRequest request) {
    if (!OwnHost.accepts(address, request.host())) {
      return StatsAnswer.text(
          421, "the statistics answer to addresses and localhost, not to other names\n");
    }
    boolean signal = request.path().startsWith("/_mlb_signal/");
    if (!request.method().equals("GET")
        && !request.method().equals("HEAD")
        && !(signal && request.method().equals("POST"))) {
      return StatsAnswer.text(405, "only GET is served here\n");
    }
    return switch (request.path()) {
      case "/haproxy" -> statistics(request.query());
      case "/_haproxy_health_check" -> StatsAnswer.text(200, "OK\n");
      case "/_haproxy_getconfig" -> StatsAnswer.text(200, ConfigText.of(snapshot));
      case "/_haproxy_getvhostmap" -> StatsAnswer.text(200, ConfigText.vhostMap(snapshot));
      case "/_haproxy_getappmap" -> StatsAnswer.text(200, ConfigText.appMap(snapshot));
      case "/_haproxy_getpids" ->
          StatsAnswer.text(200, Long.toString(ProcessHandle.current().pid()));
      case "/_mlb_signal/hup" ->
          told(refresh.fetch(), "asked for the apps again; routes follow if they changed\n");
      case "/_mlb_signal/usr1" -> told(refresh.reapply(), "the present routes are applied again\n");
      case "/metrics" -> new StatsAnswer(200, PROMETHEUS, metrics());
      default -> StatsAnswer.text(503, "nothing is served under this path\n");
    };
  }

  private StatsAnswer statistics(String query) {
    List<String> words = List.of(query.toLowerCase(Locale.ROOT).split(";", -1));
    if (!words.get(0).equals("stats")) {
      return StatsAnswer.text(503, "nothing is served under this path\n");
    }
    return words.contains("csv")
        ? StatsAnswer.text(200, StatColumns.csv(lines()))
        : new StatsAnswer(
            200, HTML, StatsPage.html(lines(), snapshot.version(), !words.contains("norefresh")));
  }

  private static StatsAnswer told(boolean heard, String sentence) {
    return heard
        ? StatsAnswer.text(200, sentence)
        : StatsAnswer.text(500, "the node that compiles the routes is not there\n");
  }

  /** What {@code /metrics} answers. */
  String metrics() {
    Measurements all = new Measurements();
    all.gauge(
        "dromos_routes_revision",
        "Revision of the store whose routes are served.",
        snapshot.version());
    planes.forEach(plane -> plane.measure(all));
    HaproxyFamilies.add(lines(), all);
    return all.text();
  }

  @Override
  public synchronized void drain() {
    server.close();
  }

  @Override
  public synchronized void close() {
    if (watching != null) {
      watching.cancel(false);
    }
    server.close();
    transport.close();
  }
}
