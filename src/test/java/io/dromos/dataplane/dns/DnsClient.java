package io.dromos.dataplane.dns;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Hand-made queries, and replies read without any code of the server. */
final class DnsClient {
  /** One record: owner, type, TTL and data in words ({@code 127.128.0.5}, {@code 0 1 80 x.y}). */
  record Rr(String owner, int type, long ttl, String data) {}

  /** A reply. */
  record Reply(
      int id,
      int flags,
      String question,
      List<Rr> answers,
      List<Rr> authority,
      List<Rr> additional,
      int length) {
    int rcode() {
      return flags & 0xF;
    }

    boolean has(int flag) {
      return (flags & flag) != 0;
    }

    List<String> data() {
      return answers.stream().map(Rr::data).sorted().toList();
    }
  }

  private final int port;

  DnsClient(int port) {
    this.port = port;
  }

  static byte[] query(int id, String name, int type, byte[] opt) {
    ByteBuffer out = ByteBuffer.allocate(600);
    out.putShort((short) id).putShort((short) 0x0100).putShort((short) 1).putShort((short) 0);
    out.putShort((short) 0).putShort((short) (opt.length > 0 ? 1 : 0));
    for (String label : name.split("\\.")) {
      out.put((byte) label.length()).put(label.getBytes(StandardCharsets.US_ASCII));
    }
    out.put((byte) 0).putShort((short) type).putShort((short) 1).put(opt);
    return Arrays.copyOf(out.array(), out.position());
  }

  static byte[] opt(int size, int version) {
    return ByteBuffer.allocate(11)
        .put((byte) 0)
        .putShort((short) 41)
        .putShort((short) size)
        .put((byte) 0)
        .put((byte) version)
        .putShort((short) 0)
        .putShort((short) 0)
        .array();
  }

  Reply udp(String name, int type) throws IOException {
    return udp(query(77, name, type, new byte[0]));
  }

  Reply udp(byte[] message) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(8_000);
      socket.send(
          new DatagramPacket(message, message.length, InetAddress.getByName("127.0.0.1"), port));
      DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
      socket.receive(packet);
      return read(Arrays.copyOf(packet.getData(), packet.getLength()));
    }
  }

  /** All queries on one connection before the first reply is read. */
  List<Reply> tcp(byte[]... messages) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(8_000);
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(all);
      for (byte[] message : messages) {
        out.writeShort(message.length);
        out.write(message);
      }
      socket.getOutputStream().write(all.toByteArray());
      DataInputStream in = new DataInputStream(socket.getInputStream());
      List<Reply> replies = new ArrayList<>();
      for (int i = 0; i < messages.length; i++) {
        replies.add(read(in.readNBytes(in.readUnsignedShort())));
      }
      return replies;
    }
  }

  static Reply read(byte[] message) {
    ByteBuffer in = ByteBuffer.wrap(message);
    int id = in.getShort() & 0xFFFF;
    int flags = in.getShort() & 0xFFFF;
    int questions = in.getShort();
    int answers = in.getShort() & 0xFFFF;
    int authority = in.getShort() & 0xFFFF;
    int additional = in.getShort() & 0xFFFF;
    String question = "";
    if (questions == 1) {
      question = name(in);
      in.getInt();
    }
    return new Reply(
        id,
        flags,
        question,
        records(in, answers),
        records(in, authority),
        records(in, additional),
        message.length);
  }

  private static List<Rr> records(ByteBuffer in, int count) {
    List<Rr> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String owner = name(in);
      int type = in.getShort() & 0xFFFF;
      int klass = in.getShort() & 0xFFFF;
      long ttl = in.getInt() & 0xFFFFFFFFL;
      int length = in.getShort() & 0xFFFF;
      int end = in.position() + length;
      String data =
          switch (type) {
            case 1 ->
                (in.get() & 255)
                    + "."
                    + (in.get() & 255)
                    + "."
                    + (in.get() & 255)
                    + "."
                    + (in.get() & 255);
            case 33 -> in.getShort() + " " + in.getShort() + " " + in.getShort() + " " + name(in);
            case 2, 5 -> name(in);
            case 6 -> name(in) + " " + name(in) + " " + in.getInt();
            case 28 -> address(in, 16);
            case 41 -> "size " + klass;
            default -> "";
          };
      in.position(end);
      records.add(new Rr(owner, type, ttl, data));
    }
    return records;
  }

  private static String address(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return Zones.inet(bytes).getHostAddress();
  }

  private static String name(ByteBuffer in) {
    StringBuilder name = new StringBuilder();
    int back = -1;
    for (int length = in.get() & 255; length != 0; length = in.get() & 255) {
      if (length >= 0xC0) {
        int offset = ((length & 0x3F) << 8) | (in.get() & 255);
        back = back < 0 ? in.position() : back;
        in.position(offset);
        continue;
      }
      byte[] label = new byte[length];
      in.get(label);
      name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
    }
    if (back >= 0) {
      in.position(back);
    }
    return name.toString();
  }
}
