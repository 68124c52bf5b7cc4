package io.dromos.traffic;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Messages over a local stream: four bytes of length, then a record. One reader, many writers. */
final class MessageStream implements AutoCloseable {
  /** A snapshot of ten thousand apps is a tenth of it. */
  private static final int LONGEST = 256 << 20;

  private final SocketChannel channel;

  MessageStream(SocketChannel channel) {
    this.channel = channel;
  }

  /** Blocks until it is written, or throws. */
  void send(TrafficMessage message) throws IOException {
    byte[] payload = RecordWriter.write((Record) message);
    ByteBuffer frame = ByteBuffer.allocate(4 + payload.length).putInt(payload.length).put(payload);
    frame.flip();
    synchronized (this) {
      while (frame.hasRemaining()) {
        channel.write(frame);
      }
    }
  }

  /**
   * The next message.
   *
   * @throws EOFException when the other side is gone
   */
  TrafficMessage receive() throws IOException {
    int length = fill(ByteBuffer.allocate(4)).getInt();
    if (length < 0 || length > LONGEST) {
      throw new IOException("a message of " + length + " bytes");
    }
    try {
      return RecordReader.read(fill(ByteBuffer.allocate(length)).array(), TrafficMessage.class);
    } catch (RecordReader.UnreadableException e) {
      throw new IOException("a message that cannot be read: " + e.getMessage(), e);
    }
  }

  private ByteBuffer fill(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException("the other side is gone");
      }
    }
    return buffer.flip();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
