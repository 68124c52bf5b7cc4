package io.dromos.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** A client that asks the frontends of a node on this machine, each time from a new socket. */
record Frontends(int dnsPort, int edgePort) {
  private static final int PATIENCE_MILLIS = 1_000;
  private static final byte[] A_RECORD = {(byte) 0xc0, 0x0c, 0, 1, 0, 1};

  /** The address that the node's DNS gives for a name. */
  Optional<InetAddress> resolve(String name) throws IOException {
    ByteBuffer query = ByteBuffer.allocate(300);
    query.putShort((short) 7).putShort((short) 0x0100).putShort((short) 1);
    query.putShort((short) 0).putInt(0);
    for (String label : name.split("\\.")) {
      query.put((byte) label.length()).put(label.getBytes(StandardCharsets.US_ASCII));
    }
    query.put((byte) 0).putShort((short) 1).putShort((short) 1);
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(new InetSocketAddress("127.0.0.1", dnsPort));
      socket.send(new DatagramPacket(query.array(), query.position()));
      byte[] answer = new byte[512];
      socket.receive(new DatagramPacket(answer, answer.length));
      int record = query.position();
      return ByteBuffer.wrap(answer).getShort(6) > 0
              && Arrays.equals(
                  Arrays.copyOfRange(answer, record, record + A_RECORD.length), A_RECORD)
          ? Optional.of(
              InetAddress.getByAddress(Arrays.copyOfRange(answer, record + 12, record + 16)))
          : Optional.empty();
    } catch (SocketTimeoutException e) {
      return Optional.empty();
    }
  }

  /** What a backend answered through the edge; empty when none did. */
  String throughEdge(String host) {
    return ask(new InetSocketAddress("127.0.0.1", edgePort), host);
  }

  /** What a backend answered on this address; empty when none did. */
  static String ask(InetSocketAddress address, String host) {
    try (Socket socket = new Socket()) {
      socket.connect(address, PATIENCE_MILLIS);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket
          .getOutputStream()
          .write(
              ("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      try (InputStream in = socket.getInputStream()) {
        String answer = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        int body = answer.indexOf("\r\n\r\n");
        return answer.startsWith("HTTP/1.1 200 ") && body > 0 ? answer.substring(body + 4) : "";
      }
    } catch (IOException e) {
      return "";
    }
  }
}
