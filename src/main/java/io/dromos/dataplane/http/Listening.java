package io.dromos.dataplane.http;

import io.dromos.dataplane.stats.Count;
import io.dromos.dataplane.stats.Meter;
import io.netty.channel.Channel;

/** Names of the listeners, and how their connections are counted. */
final class Listening {
  /** As marathon-lb names its frontends. */
  static final String HTTP = "marathon_http_in";

  static final String HTTPS = "marathon_https_in";

  static final String APP_ID = "marathon_http_appid_in";

  private Listening() {}

  /** Name of a service port's listener. */
  static String servicePort(int port) {
    return "service_port_" + port;
  }

  /** Counts an accepted connection until it is closed. On the connection's event loop. */
  static void session(Channel channel, Meter listener, int writer) {
    listener.increment(writer, Count.SESSIONS);
    channel.closeFuture().addListener(closed -> listener.increment(writer, Count.ENDED));
  }
}
