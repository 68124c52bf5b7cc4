import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One client: what it sent and we didn't read yet, what it didn't take yet. */
@SuppressWarnings("DefaultPackage") // Its image compiles these files alone.
final class SimpleServiceConnection {
  /** Bytes of a request head that are kept at most. */
  static final int MAX_REQUEST = 16 * 1024;

  private static final byte[] NOTHING = {};

  private final SocketChannel channel;
  private final String peer;
  private byte[] received = NOTHING;
  private ByteBuffer pending = ByteBuffer.wrap(NOTHING);
  int length;
  long skip;
  SelectionKey key;
  boolean closing;
  boolean waiting;
  long due;
  long started;
  int status;
  String content = "";
  SimpleServiceRequest request;

  SimpleServiceConnection(SocketChannel channel) {
    this.channel = channel;
    this.peer = channel.socket().getInetAddress().getHostAddress();
  }

  String peer() {
    return peer;
  }

  /** False at the end of the stream. */
  boolean read(ByteBuffer buffer) throws IOException {
    buffer.clear().limit(MAX_REQUEST - length);
    int count = channel.read(buffer);
    if (count < 0) {
      return false;
    }
    if (received.length < length + count) {
      received = Arrays.copyOf(received, length + count);
    }
    buffer.flip().get(received, length, count);
    length += count;
    return true;
  }

  /** Index behind the empty line that ends a head, or -1. */
  int headEnd() {
    for (int i = 3; i < length; i++) {
      if (received[i] == '\n'
          && received[i - 1] == '\r'
          && received[i - 2] == '\n'
          && received[i - 3] == '\r') {
        return i + 1;
      }
    }
    return -1;
  }

  String take(int end) {
    String head = new String(received, 0, end, StandardCharsets.ISO_8859_1);
    drop(end);
    return head;
  }

  /** Drops what has arrived of a body that nobody reads. */
  void skip() {
    int count = (int) Math.min(skip, length);
    drop(count);
    skip -= count;
  }

  private void drop(int count) {
    System.arraycopy(received, count, received, 0, length - count);
    length -= count;
  }

  void refuse(String status) throws IOException {
    closing = true;
    send(
        new StringBuilder("HTTP/1.1 ")
            .append(status)
            .append("\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
        NOTHING);
    flush();
    close();
  }

  void send(StringBuilder head, byte[] body) {
    byte[] start = head.toString().getBytes(StandardCharsets.ISO_8859_1);
    byte[] all = Arrays.copyOf(start, start.length + body.length);
    System.arraycopy(body, 0, all, start.length, body.length);
    pending = ByteBuffer.wrap(all);
  }

  /** True once the peer took everything; else the selector tells when it takes more. */
  boolean flush() throws IOException {
    if (pending.hasRemaining()) {
      channel.write(pending);
    }
    boolean done = !pending.hasRemaining();
    // While an answer is owed nothing more is read: a client can't fill our memory.
    key.interestOps(!done ? SelectionKey.OP_WRITE : waiting ? 0 : SelectionKey.OP_READ);
    return done;
  }

  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // It is gone either way.
    }
  }
}
