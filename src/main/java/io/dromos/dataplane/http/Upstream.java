package io.dromos.dataplane.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/**
 * Carries one exchange to a backend: an HTTP/1.1 connection for as long as the exchange lasts, or
 * one stream of an HTTP/2 connection. Confined to the exchange's event loop.
 */
interface Upstream {
  /** The exchange it carries. */
  interface Listener {
    /** Interim, switching or final head. */
    void responseHead(ResponseHead head);

    /** A piece of payload; the listener owns it. */
    void responseBody(ByteBuf piece);

    /** The answer is complete; the connection is no longer the listener's. */
    void responseEnd(Headers trailers);

    /** No more bytes for the moment. */
    void responsePause();

    /** Whether more of the answer may be read. */
    boolean takesMore();

    /** The request's body may go on. */
    void requestWritable();

    /**
     * The connection ended before the answer did.
     *
     * @param answered whether any byte of the answer had come
     */
    void connectionLost(boolean answered, String why);

    /** The answer cannot be understood; the connection is closed. */
    void responseInvalid(String why);
  }

  /** Whether the connection carried an exchange before this one. */
  boolean reused();

  /** Starts an exchange, whose bytes {@code books} is told; does not flush. */
  void send(RequestHead head, Headers headers, Listener to, Tally books);

  /** Takes a piece of the body; does not flush. Returns whether more may follow at once. */
  boolean sendBody(ByteBuf piece);

  /** The request is complete; does not flush. */
  void sendEnd(Headers trailers);

  void flush();

  /** Whether the backend takes more of the body. */
  boolean writable();

  /** The listener can take more of the answer. */
  void resume();

  /** Ends it without a further word to the listener. */
  void abort();

  /** After a 101: hands the bare channel over, and the bytes that came after the head. */
  ByteBuf detach();

  /** The bare channel that {@link #detach} hands over. */
  Channel channel();
}
