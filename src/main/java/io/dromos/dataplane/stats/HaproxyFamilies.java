package io.dromos.dataplane.stats;

import io.dromos.dataplane.stats.StatColumns.Line;
import java.util.List;
import java.util.Locale;

/**
 * The same lines under the names that HAProxy's own Prometheus exporter gives them, so that
 * dashboards made for marathon-lb 1.15 go on.
 */
final class HaproxyFamilies {
  private static final Count[] CLASSES = {
    Count.STATUS_1XX,
    Count.STATUS_2XX,
    Count.STATUS_3XX,
    Count.STATUS_4XX,
    Count.STATUS_5XX,
    Count.STATUS_OTHER
  };

  private HaproxyFamilies() {}

  static void add(List<Line> lines, Measurements to) {
    for (Line line : lines) {
      StatRow row = line.row();
      String type = row.type().name().toLowerCase(Locale.ROOT);
      String[] labels =
          row.type() == StatRow.Type.SERVER
              ? new String[] {"proxy", row.proxy(), "server", row.server()}
              : new String[] {"proxy", row.proxy()};
      add("haproxy_" + type + "_", line, to, labels);
    }
  }

  private static void add(String prefix, Line line, Measurements to, String... labels) {
    StatRow row = line.row();
    to.gauge(prefix + "status", "0 down, 1 up, 2 maintenance.", status(row), labels);
    to.gauge(prefix + "current_sessions", "Sessions that are open.", row.counts().open(), labels);
    to.gauge(prefix + "max_sessions", "Most sessions at once.", line.watch().peak(), labels);
    count(to, prefix + "sessions_total", "Sessions since the start.", line, Count.SESSIONS, labels);
    count(to, prefix + "bytes_in_total", "Bytes of requests.", line, Count.BYTES_IN, labels);
    count(to, prefix + "bytes_out_total", "Bytes of answers.", line, Count.BYTES_OUT, labels);
    if (row.http()) {
      for (Count answered : CLASSES) {
        to.counter(
            prefix + "http_responses_total",
            "Answers by class of their status.",
            line.count(answered),
            with(labels, "code", code(answered)));
      }
      if (row.type() != StatRow.Type.SERVER) {
        count(
            to,
            prefix + "http_requests_total",
            "Requests since the start.",
            line,
            Count.REQUESTS,
            labels);
        count(
            to,
            prefix + "requests_denied_total",
            "Requests turned away by a rule.",
            line,
            Count.DENIED,
            labels);
      }
    }
    if (row.type() == StatRow.Type.FRONTEND) {
      count(
          to,
          prefix + "request_errors_total",
          "Requests that could not be read.",
          line,
          Count.REQUEST_ERRORS,
          labels);
      count(
          to,
          prefix + "connections_total",
          "Connections since the start.",
          line,
          Count.SESSIONS,
          labels);
    } else {
      behind(prefix, line, to, labels);
    }
  }

  private static void behind(String prefix, Line line, Measurements to, String... labels) {
    if (line.is(StatRow.Type.BACKEND)) {
      to.gauge(
          prefix + "active_servers", "Servers that take requests.", line.row().servers(), labels);
    }
    count(
        to,
        prefix + "connection_errors_total",
        "Connects that failed.",
        line,
        Count.CONNECT_ERRORS,
        labels);
    count(
        to,
        prefix + "response_errors_total",
        "Answers that could not be had.",
        line,
        Count.RESPONSE_ERRORS,
        labels);
    count(to, prefix + "retry_warnings_total", "Further attempts.", line, Count.RETRIES, labels);
    count(
        to,
        prefix + "redispatch_warnings_total",
        "Further attempts at another server.",
        line,
        Count.REDISPATCHES,
        labels);
    count(
        to,
        prefix + "client_aborts_total",
        "Requests whose client left.",
        line,
        Count.CLIENT_ABORTS,
        labels);
    count(
        to,
        prefix + "server_aborts_total",
        "Answers that broke off.",
        line,
        Count.SERVER_ABORTS,
        labels);
    count(
        to,
        prefix + "connection_attempts_total",
        "Connections opened to servers.",
        line,
        Count.CONNECTS,
        labels);
    count(
        to,
        prefix + "connection_reuses_total",
        "Requests over open connections.",
        line,
        Count.REUSES,
        labels);
    Pace pace = line.watch().pace();
    to.gauge(
        prefix + "connect_time_average_seconds",
        "Average of about the last 1024 requests.",
        pace.connectMillis() / 1000,
        labels);
    to.gauge(
        prefix + "response_time_average_seconds",
        "Average of about the last 1024 requests.",
        pace.responseMillis() / 1000,
        labels);
    to.gauge(
        prefix + "total_time_average_seconds",
        "Average of about the last 1024 requests.",
        pace.totalMillis() / 1000,
        labels);
  }

  private static void count(
      Measurements to, String name, String help, Line line, Count what, String... labels) {
    to.counter(name, help, line.count(what), labels);
  }

  private static int status(StatRow row) {
    return switch (row.status().get()) {
      case "DOWN" -> 0;
      case "MAINT" -> 2;
      default -> 1;
    };
  }

  private static String code(Count answered) {
    return answered.name().substring("STATUS_".length()).toLowerCase(Locale.ROOT);
  }

  private static String[] with(String[] labels, String name, String value) {
    String[] more = java.util.Arrays.copyOf(labels, labels.length + 2);
    more[labels.length] = name;
    more[labels.length + 1] = value;
    return more;
  }
}
