package io.dromos.dataplane.stats;

import static io.dromos.dataplane.stats.StatRow.Type.BACKEND;
import static io.dromos.dataplane.stats.StatRow.Type.FRONTEND;
import static io.dromos.dataplane.stats.StatRow.Type.SERVER;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * The columns of HAProxy's statistics, in the order and with the names of release 2.0, which
 * marathon-lb 1.15 ships. Later releases have one named {@code -}, which breaks clients that make
 * fields of the names; zdd.py is one (marathon-lb reference, 16). A column that has no meaning here
 * is there and empty, or 0 where HAProxy always has a number.
 */
final class StatColumns {
  /** One line at one moment. */
  record Line(StatRow row, Watch watch, long nowMillis) {
    boolean is(StatRow.Type type) {
      return row.type() == type;
    }

    boolean is(StatRow.Type one, StatRow.Type other) {
      return is(one) || is(other);
    }

    long count(Count what) {
      return row.counts().get(what);
    }
  }

  private static final Map<String, Function<Line, String>> COLUMNS = new LinkedHashMap<>();

  private StatColumns() {}

  private static void empty(String... names) {
    for (String name : names) {
      COLUMNS.put(name, line -> "");
    }
  }

  private static void always(String name, ToLongFunction<Line> value) {
    COLUMNS.put(name, line -> Long.toString(value.applyAsLong(line)));
  }

  private static void always(String name, Count what) {
    always(name, line -> line.count(what));
  }

  private static void of(StatRow.Type type, String name, ToLongFunction<Line> value) {
    COLUMNS.put(name, line -> line.is(type) ? Long.toString(value.applyAsLong(line)) : "");
  }

  /** For backends and servers. */
  private static void behind(String name, ToLongFunction<Line> value) {
    COLUMNS.put(name, line -> line.is(FRONTEND) ? "" : Long.toString(value.applyAsLong(line)));
  }

  private static void behind(String name, Count what) {
    behind(name, line -> line.count(what));
  }

  /** For frontends and backends, which have no server of their own. */
  private static void proxies(String name, ToLongFunction<Line> value) {
    COLUMNS.put(name, line -> line.is(SERVER) ? "" : Long.toString(value.applyAsLong(line)));
  }

  static {
    sessions();
    states();
    responses();
    checks();
    connections();
  }

  private static void sessions() {
    COLUMNS.put("pxname", line -> line.row().proxy());
    COLUMNS.put("svname", line -> line.row().server());
    behind("qcur", line -> 0); // A request is never queued: it is served or answered at once.
    behind("qmax", line -> 0);
    always("scur", line -> line.row().counts().open());
    always("smax", line -> line.watch().peak());
    empty("slim");
    always("stot", Count.SESSIONS);
    always("bin", Count.BYTES_IN);
    always("bout", Count.BYTES_OUT);
    proxies("dreq", line -> line.count(Count.DENIED));
    always("dresp", line -> 0);
    of(FRONTEND, "ereq", line -> line.count(Count.REQUEST_ERRORS));
    behind("econ", Count.CONNECT_ERRORS);
    behind("eresp", Count.RESPONSE_ERRORS);
    behind("wretr", Count.RETRIES);
    behind("wredis", Count.REDISPATCHES);
  }

  private static void states() {
    COLUMNS.put("status", line -> line.row().status().get());
    behind("weight", line -> line.is(SERVER) ? 1 : line.row().servers());
    behind("act", line -> line.row().servers());
    behind("bck", line -> 0);
    empty("chkfail", "chkdown", "lastchg", "downtime", "qlimit");
    always("pid", line -> 1);
    always("iid", line -> line.row().proxyId());
    always("sid", line -> line.row().serverId());
    empty("throttle");
    behind("lbtot", Count.SESSIONS);
    empty("tracked");
    always("type", line -> line.row().type().number());
    always("rate", line -> line.watch().pace().sessionRate());
    of(FRONTEND, "rate_lim", line -> 0);
    always("rate_max", line -> line.watch().pace().sessionRateMax());
    empty("check_status", "check_code", "check_duration");
  }

  private static void responses() {
    http("hrsp_1xx", Count.STATUS_1XX);
    http("hrsp_2xx", Count.STATUS_2XX);
    http("hrsp_3xx", Count.STATUS_3XX);
    http("hrsp_4xx", Count.STATUS_4XX);
    http("hrsp_5xx", Count.STATUS_5XX);
    http("hrsp_other", Count.STATUS_OTHER);
    empty("hanafail");
    of(FRONTEND, "req_rate", line -> line.watch().pace().requestRate());
    of(FRONTEND, "req_rate_max", line -> line.watch().pace().requestRateMax());
    proxies("req_tot", line -> line.count(Count.REQUESTS));
    behind("cli_abrt", Count.CLIENT_ABORTS);
    behind("srv_abrt", Count.SERVER_ABORTS);
    proxies("comp_in", line -> 0);
    proxies("comp_out", line -> 0);
    proxies("comp_byp", line -> 0);
    proxies("comp_rsp", line -> 0);
  }

  private static void http(String name, Count what) {
    COLUMNS.put(name, line -> line.row().http() ? Long.toString(line.count(what)) : "");
  }

  private static void checks() {
    behind("lastsess", line -> line.watch().idleSeconds(line.nowMillis()));
    empty("last_chk", "last_agt");
    behind("qtime", line -> 0);
    behind("ctime", line -> Math.round(line.watch().pace().connectMillis()));
    behind("rtime", line -> Math.round(line.watch().pace().responseMillis()));
    behind("ttime", line -> Math.round(line.watch().pace().totalMillis()));
    empty("agent_status", "agent_code", "agent_duration", "check_desc", "agent_desc");
    empty("check_rise", "check_fall", "check_health", "agent_rise", "agent_fall", "agent_health");
    COLUMNS.put("addr", line -> line.row().address());
    COLUMNS.put("cookie", line -> line.row().cookie());
    COLUMNS.put("mode", line -> line.row().http() ? "http" : "tcp");
    COLUMNS.put("algo", line -> line.row().balance());
  }

  private static void connections() {
    of(FRONTEND, "conn_rate", line -> line.watch().pace().sessionRate());
    of(FRONTEND, "conn_rate_max", line -> line.watch().pace().sessionRateMax());
    of(FRONTEND, "conn_tot", line -> line.count(Count.SESSIONS));
    proxies("intercepted", line -> line.count(Count.INTERCEPTED));
    of(FRONTEND, "dcon", line -> 0);
    of(FRONTEND, "dses", line -> 0);
    always("wrew", line -> 0);
    behind("connect", Count.CONNECTS);
    behind("reuse", Count.REUSES);
    proxies("cache_lookups", line -> 0);
    proxies("cache_hits", line -> 0);
    empty("srv_icur", "src_ilim");
    behind("qtime_max", line -> 0);
    behind("ctime_max", line -> Math.round(line.watch().pace().connectMillisMax()));
    behind("rtime_max", line -> Math.round(line.watch().pace().responseMillisMax()));
    behind("ttime_max", line -> Math.round(line.watch().pace().totalMillisMax()));
  }

  static List<String> names() {
    return List.copyOf(COLUMNS.keySet());
  }

  /** What {@code /haproxy?stats;csv} answers: every line ends with a comma, as HAProxy's do. */
  static String csv(List<Line> lines) {
    StringBuilder csv = new StringBuilder("# ");
    COLUMNS.keySet().forEach(name -> csv.append(name).append(','));
    csv.append('\n');
    for (Line line : lines) {
      COLUMNS.values().forEach(column -> csv.append(plain(column.apply(line))).append(','));
      csv.append('\n');
    }
    return csv.toString();
  }

  /** Values are names and numbers; whatever else came in must not look like another field. */
  private static String plain(String value) {
    return value.indexOf(',') < 0 && value.indexOf('\n') < 0 && value.indexOf('\'') < 0
        ? value
        : value.replace(',', ';').replace('\n', ' ').replace('\'', ' ');
  }

  /** The value of one column, for the page. */
  static String value(Line line, String column) {
    Function<Line, String> known = COLUMNS.get(column);
    if (known == null) {
      throw new IllegalArgumentException("no column " + column);
    }
    return known.apply(line);
  }

  /** Whether the line stands for all servers of its service. */
  static boolean isTotal(Line line) {
    return line.is(FRONTEND, BACKEND);
  }
}
