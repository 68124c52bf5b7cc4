package io.dromos.dataplane.stats;

/** What they get. */
record StatsAnswer(int status, String type, String body) {
  static StatsAnswer text(int status, String body) {
    return new StatsAnswer(status, "text/plain; charset=utf-8", body);
  }
}
