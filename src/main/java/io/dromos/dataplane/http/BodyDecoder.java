package io.dromos.dataplane.http;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Takes the payload of one body out of a stream of bytes and knows where it ends. Chunks are read
 * strictly (CRLF only, plain hexadecimal sizes) and their extensions dropped, since payload is
 * chunked anew on the way out (RFC 9112, section 7.1).
 */
final class BodyDecoder {
  private static final int MAX_CHUNK_LINE = 4096;
  private static final int MAX_TRAILERS = 8192;

  private enum State {
    SIZE,
    DATA,
    DATA_END,
    TRAILERS,
    DONE
  }

  private final Framing framing;
  private State state;
  private long left;
  private Headers trailers = new Headers();

  BodyDecoder(Framing framing) {
    this.framing = framing;
    this.left = framing.length();
    this.state =
        switch (framing.kind()) {
          case NONE -> State.DONE;
          case CHUNKED -> State.SIZE;
          default -> State.DATA;
        };
  }

  boolean done() {
    return state == State.DONE;
  }

  Headers trailers() {
    return trailers;
  }

  /** The connection was closed by its sender. Returns whether the body is complete. */
  boolean endOfStream() {
    if (framing.is(Framing.Kind.UNTIL_CLOSE)) {
      state = State.DONE;
    }
    return done();
  }

  /** Next piece of payload, owned by the caller; null when more bytes are needed or it is done. */
  @Nullable ByteBuf next(ByteBuf in) throws MalformedMessageException {
    while (true) {
      switch (state) {
        case DONE -> {
          return null;
        }
        case SIZE -> {
          if (!readSize(in)) {
            return null;
          }
        }
        case DATA_END -> {
          if (in.readableBytes() < 2) {
            return null;
          }
          if (in.readByte() != '\r' || in.readByte() != '\n') {
            throw MalformedMessageException.badRequest("a chunk longer than its size");
          }
          state = State.SIZE;
        }
        case TRAILERS -> {
          readTrailers(in);
          return null;
        }
        case DATA -> {
          return readData(in);
        }
      }
    }
  }

  private @Nullable ByteBuf readData(ByteBuf in) {
    int readable = in.readableBytes();
    if (readable == 0) {
      return null;
    }
    if (framing.is(Framing.Kind.UNTIL_CLOSE)) {
      return in.readRetainedSlice(readable);
    }
    int take = (int) Math.min(readable, left);
    left -= take;
    if (left == 0) {
      state = framing.is(Framing.Kind.CHUNKED) ? State.DATA_END : State.DONE;
    }
    return in.readRetainedSlice(take);
  }

  private boolean readSize(ByteBuf in) throws MalformedMessageException {
    int length = in.bytesBefore((byte) '\n');
    if (length < 0) {
      if (in.readableBytes() > MAX_CHUNK_LINE) {
        throw MalformedMessageException.badRequest("a chunk size line without an end");
      }
      return false;
    }
    int start = in.readerIndex();
    if (length > MAX_CHUNK_LINE || length < 2 || in.getByte(start + length - 1) != '\r') {
      throw MalformedMessageException.badRequest("a chunk size line that does not end in CRLF");
    }
    long size = 0;
    int i = start;
    int stop = start + length - 1;
    for (; i < stop; i++) {
      int digit = hex(in.getByte(i));
      if (digit < 0) {
        break;
      }
      if (i - start >= 15) {
        throw MalformedMessageException.badRequest("a chunk size too large");
      }
      size = size << 4 | digit;
    }
    if (i == start || (i < stop && in.getByte(i) != ';')) {
      throw MalformedMessageException.badRequest("a chunk size that is not hexadecimal");
    }
    for (; i < stop; i++) {
      byte b = in.getByte(i);
      if ((b >= 0 && b < ' ' && b != '\t') || b == 0x7f) {
        throw MalformedMessageException.badRequest("a control character in a chunk extension");
      }
    }
    in.skipBytes(length + 1);
    left = size;
    state = size == 0 ? State.TRAILERS : State.DATA;
    return true;
  }

  private void readTrailers(ByteBuf in) throws MalformedMessageException {
    int start = in.readerIndex();
    int end = new HeadFinder().find(in);
    if (end < 0) {
      if (in.readableBytes() > MAX_TRAILERS) {
        throw new MalformedMessageException(431, "trailers too large");
      }
      return;
    }
    byte[] bytes = new byte[end - start];
    in.readBytes(bytes);
    trailers = HeadParser.trailers(bytes, bytes.length);
    state = State.DONE;
  }

  private static int hex(byte b) {
    if (b >= '0' && b <= '9') {
      return b - '0';
    }
    if (b >= 'a' && b <= 'f') {
      return b - 'a' + 10;
    }
    return b >= 'A' && b <= 'F' ? b - 'A' + 10 : -1;
  }
}
