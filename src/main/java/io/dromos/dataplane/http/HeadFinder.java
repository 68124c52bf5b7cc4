package io.dromos.dataplane.http;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Finds where a head ends in bytes that arrive bit by bit: just after its first empty line. Looks
 * at each byte once. A bare LF ends a line here so that nothing hides behind it; the parser judges
 * it.
 */
final class HeadFinder {
  private int scanned;

  /** Forgets what was scanned, for the next head. */
  void reset() {
    scanned = 0;
  }

  /** Index just after the empty line, or -1 while there is none. */
  int find(ByteBuf in) {
    int start = in.readerIndex();
    int from = start + scanned;
    while (true) {
      int lineFeed = in.indexOf(from, in.writerIndex(), (byte) '\n');
      if (lineFeed < 0) {
        return -1;
      }
      boolean empty = lineFeed == from || (lineFeed == from + 1 && in.getByte(from) == '\r');
      from = lineFeed + 1;
      if (empty) {
        return from;
      }
      scanned = from - start;
    }
  }

  /**
   * The next head, taken out of {@code in}; null while its end is missing.
   *
   * @param whose it is, for the message
   */
  byte @Nullable [] take(ByteBuf in, String whose) throws MalformedMessageException {
    int end = find(in);
    int size = end < 0 ? in.readableBytes() : end - in.readerIndex();
    if (size > HeadParser.MAX_HEAD) {
      throw new MalformedMessageException(431, "the " + whose + "'s head is too large");
    }
    if (end < 0) {
      return null;
    }
    byte[] bytes = new byte[size];
    in.readBytes(bytes);
    reset();
    return bytes;
  }

  /** Some clients send an empty line after a body (RFC 9112, section 2.2). */
  static void skipEmptyLines(ByteBuf in) {
    while (in.readableBytes() >= 2
        && in.getByte(in.readerIndex()) == '\r'
        && in.getByte(in.readerIndex() + 1) == '\n') {
      in.skipBytes(2);
    }
  }
}
