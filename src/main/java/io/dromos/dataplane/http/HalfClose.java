package io.dromos.dataplane.http;

import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/** Ends the sending half of a connection, plain or under TLS. */
@SuppressWarnings("FutureReturnValueIgnored") // nothing is left to do after it
final class HalfClose {
  private HalfClose() {}

  /**
   * After what was flushed. TLS has a word of its own for the end; a bare FIN below it would look
   * to the peer as if somebody had cut the answer short.
   */
  static void output(Channel channel) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      ((DuplexChannel) channel).shutdownOutput();
    } else {
      tls.closeOutbound();
    }
  }
}
