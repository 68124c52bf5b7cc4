package io.dromos.dataplane.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/**
 * The client's side of one exchange: the edge's connection or the servlet request. Called on the
 * exchange's event loop only.
 */
interface Downstream {
  /**
   * A connection that switched protocols.
   *
   * @param backend bare channel, not reading
   * @param leftover bytes that followed the backend's head; the receiver owns them
   * @param tally told of every byte that goes through
   * @param ended to run once, when the tunnel is over
   */
  record Tunnel(Channel backend, ByteBuf leftover, Tally tally, Runnable ended) {}

  /** The request's body may be handed over, from {@link Exchange#requestBody} on. */
  void takeBody();

  void informational(ResponseHead head);

  void head(ResponseHead head);

  /** A piece of payload, owned by the receiver. */
  void body(ByteBuf piece);

  void flush();

  /** False: {@link Exchange#resumeResponse} will be called. */
  boolean takesMore();

  void end(Headers trailers);

  void switched(ResponseHead head, Tunnel tunnel);

  /** No head was given yet, and no backend will give one. */
  void answer(OwnAnswer answer);

  /** The same with nothing but the outcome's status and a sentence. */
  default void fail(ProxyOutcome outcome, String sentence) {
    answer(OwnAnswer.of(outcome, sentence));
  }

  /** The head was given already: the client must notice that the rest is missing. */
  void cut();
}
