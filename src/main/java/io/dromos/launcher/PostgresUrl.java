package io.dromos.launcher;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Completes a JDBC URL with the driver's options that a node relies on, wherever the user did not
 * choose otherwise. Nothing times out by itself in PostgreSQL or its driver: a lost network or a
 * forgotten lock would hold a loop for ever.
 */
public final class PostgresUrl {
  private static final Map<String, String> DEFAULTS = new LinkedHashMap<>();

  static {
    DEFAULTS.put("connectTimeout", "5");
    DEFAULTS.put("socketTimeout", "60");
    DEFAULTS.put("tcpKeepAlive", "true");
    DEFAULTS.put("reWriteBatchedInserts", "true");
    DEFAULTS.put("ApplicationName", "dromos");
    DEFAULTS.put(
        "options",
        "-c%20lock_timeout=10s%20-c%20statement_timeout=30s"
            + "%20-c%20idle_in_transaction_session_timeout=60s");
  }

  private PostgresUrl() {}

  /** {@code url} with every option that it lacks. */
  public static String withDefaults(String url) {
    int question = url.indexOf('?');
    String query = question < 0 ? "" : url.substring(question + 1);
    StringBuilder complete = new StringBuilder(url);
    char separator = question < 0 ? '?' : '&';
    for (Map.Entry<String, String> option : DEFAULTS.entrySet()) {
      if (!("&" + query).contains("&" + option.getKey() + "=")) {
        complete.append(separator).append(option.getKey()).append('=').append(option.getValue());
        separator = '&';
      }
    }
    return complete.toString();
  }
}
