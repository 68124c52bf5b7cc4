package io.dromos.dataplane.stats;

/**
 * What the last seconds of some {@link Counts} were like.
 *
 * @param sessions total at the end of the last second, {@code requests} the same
 * @param sessionRate sessions begun in the last second
 * @param connectMillis average over about the last {@value #WINDOW} requests; {@code
 *     responseMillis} and {@code totalMillis} the same
 */
public record Pace(
    long sessions,
    long requests,
    long connectMicros,
    long responseMicros,
    long totalMicros,
    long sessionRate,
    long sessionRateMax,
    long requestRate,
    long requestRateMax,
    double connectMillis,
    double responseMillis,
    double totalMillis,
    double connectMillisMax,
    double responseMillisMax,
    double totalMillisMax) {
  static final Pace NONE = new Pace(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  private static final int WINDOW = 1024;

  /** A second later. */
  Pace next(Counts counts) {
    long nowSessions = counts.get(Count.SESSIONS);
    long nowRequests = counts.get(Count.REQUESTS);
    long nowConnect = counts.get(Count.CONNECT_TIME);
    long nowResponse = counts.get(Count.RESPONSE_TIME);
    long nowTotal = counts.get(Count.TOTAL_TIME);
    long begun = nowSessions - sessions;
    long asked = nowRequests - requests;
    if (begun == 0 && asked == 0 && sessionRate == 0 && requestRate == 0) {
      return this;
    }
    long events = Math.max(asked, begun);
    double connect = average(connectMillis, nowConnect - connectMicros, events);
    double response = average(responseMillis, nowResponse - responseMicros, events);
    double total = average(totalMillis, nowTotal - totalMicros, events);
    return new Pace(
        nowSessions,
        nowRequests,
        nowConnect,
        nowResponse,
        nowTotal,
        begun,
        Math.max(sessionRateMax, begun),
        asked,
        Math.max(requestRateMax, asked),
        connect,
        response,
        total,
        Math.max(connectMillisMax, connect),
        Math.max(responseMillisMax, response),
        Math.max(totalMillisMax, total));
  }

  private static double average(double before, long micros, long events) {
    if (events == 0) {
      return before;
    }
    double share = Math.min(1, (double) events / WINDOW);
    double now = micros / 1000.0 / events;
    return before == 0 ? now : before + (now - before) * share;
  }
}
