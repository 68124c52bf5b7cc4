package io.dromos.dataplane.http;

import io.netty.buffer.ByteBuf;

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

  /** Some clients send an empty line after a body (RFC 9112, section 2.2). */
  static void skipEmptyLines(ByteBuf in) {
    while (in.readableBytes() >= 2
        && in.getByte(in.readerIndex()) == '\r'
        && in.getByte(in.readerIndex() + 1) == '\n') {
      in.skipBytes(2);
    }
  }
}
