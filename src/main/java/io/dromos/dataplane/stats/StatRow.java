package io.dromos.dataplane.stats;

import java.util.function.Supplier;

/**
 * One line of the statistics as HAProxy has them: a frontend, a server or a backend, which is all
 * servers of a service together.
 *
 * @param proxy name of the proxy, {@code team_api_10002}
 * @param server name of the server, {@code 10_0_0_7_31000}; {@code FRONTEND} or {@code BACKEND}
 * @param proxyId number of the proxy in this list, from 1
 * @param serverId number of the server in its proxy; 0 for frontends and backends
 * @param status asked when it is shown: {@code OPEN}, {@code UP}, {@code DOWN}, {@code MAINT} or
 *     {@code no check}
 * @param http requests are counted, and not only connections
 * @param servers servers that take requests; 1 or 0 for a server
 * @param balance HAProxy's name of the rule; empty but for backends
 * @param address {@code host:port} of a server, else empty
 * @param cookie value that sticks to a server, else empty
 */
public record StatRow(
    Type type,
    String proxy,
    String server,
    int proxyId,
    int serverId,
    Supplier<String> status,
    Counts counts,
    boolean http,
    int servers,
    String balance,
    String address,
    String cookie) {
  /** HAProxy's number of the kind is its place here. */
  public enum Type {
    FRONTEND(0),
    BACKEND(1),
    SERVER(2);

    private final int number;

    Type(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }
  }

  /** The same line over snapshots. */
  String key() {
    return type + " " + proxy + " " + server;
  }
}
