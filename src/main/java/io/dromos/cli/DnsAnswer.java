package io.dromos.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a name server answered to one question over UDP (RFC 1035): just enough of DNS for the lab
 * to ask as {@code dig} does on a machine without it.
 *
 * @param code 0 is NOERROR, 3 is NXDOMAIN
 * @param authoritative the server owns the name
 */
record DnsAnswer(int code, boolean authoritative, List<Item> items) {
  private static final int TYPE_A = 1;
  private static final int CLASS_IN = 1;
  private static final int MAX_MESSAGE = 4096;
  private static final int MAX_POINTERS = 32;

  /** One record; {@code type} by name where it has one here, {@code data} in text form. */
  record Item(String name, long ttl, String type, String data) {}

  DnsAnswer {
    items = List.copyOf(items);
  }

  /** Asks for the IPv4 addresses of a name. */
  static DnsAnswer ask(InetSocketAddress server, String name, Duration timeout) throws IOException {
    int id = (int) (System.nanoTime() & 0xffff);
    byte[] query = query(id, name);
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(server);
      socket.setSoTimeout((int) timeout.toMillis());
      socket.send(new DatagramPacket(query, query.length));
      DatagramPacket packet = new DatagramPacket(new byte[MAX_MESSAGE], MAX_MESSAGE);
      socket.receive(packet);
      return parse(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()), id);
    }
  }

  /** The addresses in it. */
  List<String> addresses() {
    return items.stream().filter(i -> i.type().equals("A")).map(Item::data).toList();
  }

  String status() {
    return switch (code) {
      case 0 -> "NOERROR";
      case 2 -> "SERVFAIL";
      case 3 -> "NXDOMAIN";
      case 5 -> "REFUSED";
      default -> "RCODE" + code;
    };
  }

  /** In the words of {@code dig}. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        ";; ->>HEADER<<- opcode: QUERY, status: "
            + status()
            + ", flags: qr"
            + (authoritative ? " aa" : "")
            + ", ANSWER: "
            + items.size());
    for (Item item : items) {
      lines.add(item.name() + ". " + item.ttl() + " IN " + item.type() + " " + item.data());
    }
    return lines;
  }

  static byte[] query(int id, String name) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    // Identity, "recursion desired", one question, no other sections.
    for (int word : new int[] {id, 0x0100, 1, 0, 0, 0}) {
      out.write(word >> 8);
      out.write(word);
    }
    for (String label : name.replaceAll("\\.$", "").split("\\.")) {
      byte[] bytes = label.getBytes(StandardCharsets.US_ASCII);
      if (bytes.length == 0 || bytes.length > 63) {
        throw new IllegalArgumentException("'" + name + "' is not a DNS name");
      }
      out.write(bytes.length);
      out.write(bytes, 0, bytes.length);
    }
    out.write(0);
    for (int word : new int[] {TYPE_A, CLASS_IN}) {
      out.write(word >> 8);
      out.write(word);
    }
    return out.toByteArray();
  }

  /** Reads a response to the question {@code id}; anything else is an {@link IOException}. */
  static DnsAnswer parse(ByteBuffer message, int id) throws IOException {
    try {
      int answered = message.getShort() & 0xffff;
      int flags = message.getShort() & 0xffff;
      if (answered != id || (flags & 0x8000) == 0) {
        throw new IOException("a DNS message that answers no question of ours");
      }
      int questions = message.getShort() & 0xffff;
      int answers = message.getShort() & 0xffff;
      message.getInt();
      for (int i = 0; i < questions; i++) {
        name(message);
        message.getInt();
      }
      List<Item> items = new ArrayList<>();
      for (int i = 0; i < answers; i++) {
        items.add(item(message));
      }
      return new DnsAnswer(flags & 0xf, (flags & 0x0400) != 0, items);
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new IOException("a DNS message that ends too early or points outside of itself", e);
    }
  }

  private static Item item(ByteBuffer message) {
    String name = name(message);
    int type = message.getShort() & 0xffff;
    message.getShort();
    long ttl = message.getInt() & 0xffffffffL;
    int length = message.getShort() & 0xffff;
    ByteBuffer data = message.slice(message.position(), length);
    message.position(message.position() + length);
    if (type == TYPE_A && length == 4) {
      StringBuilder address = new StringBuilder();
      for (int i = 0; i < 4; i++) {
        address.append(i == 0 ? "" : ".").append(data.get(i) & 0xff);
      }
      return new Item(name, ttl, "A", address.toString());
    }
    return new Item(name, ttl, "TYPE" + type, "\\# " + length);
  }

  /** A name, its compression pointers followed, without the final dot. */
  private static String name(ByteBuffer message) {
    List<String> labels = new ArrayList<>();
    ByteBuffer at = message;
    for (int pointers = 0; pointers < MAX_POINTERS; ) {
      int length = at.get() & 0xff;
      if (length == 0) {
        return String.join(".", labels);
      }
      if ((length & 0xc0) == 0xc0) {
        int target = (length & 0x3f) << 8 | (at.get() & 0xff);
        at = message.duplicate().position(target);
        pointers++;
      } else {
        byte[] label = new byte[length];
        at.get(label);
        labels.add(new String(label, StandardCharsets.US_ASCII));
      }
    }
    throw new IllegalArgumentException("a name that points at itself");
  }
}
