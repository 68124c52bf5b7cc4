package io.dromos.dataplane.http;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The header of the PROXY protocol, versions 1 and 2: who a connection is really from, told by a
 * proxy before the first byte of the client (haproxy.org, proxy-protocol.txt, sections 2.1 and
 * 2.2).
 *
 * @param from null: the proxy's own connection, or one of a family without addresses
 * @param to what the client connected to
 */
record ProxyHeader(@Nullable InetSocketAddress from, @Nullable InetSocketAddress to) {
  private static final byte[] SIGNATURE = {
    0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
  };
  private static final byte[] TEXT = "PROXY ".getBytes(StandardCharsets.US_ASCII);
  private static final int MAX_LINE = 107;
  private static final int MAX_BODY = 2048;
  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  /**
   * Takes the header off the front.
   *
   * @return null while it is not complete
   * @throws MalformedMessageException when the connection does not begin with one
   */
  static @Nullable ProxyHeader read(ByteBuf in) throws MalformedMessageException {
    int readable = in.readableBytes();
    int start = in.readerIndex();
    if (startsWith(in, TEXT)) {
      int end = in.indexOf(start, start + Math.min(readable, MAX_LINE), (byte) '\n');
      if (end < 0) {
        if (readable >= MAX_LINE) {
          throw malformed("its PROXY line has no end");
        }
        return null;
      }
      byte[] line = new byte[end + 1 - start];
      in.readBytes(line);
      return text(new String(line, StandardCharsets.US_ASCII));
    }
    if (startsWith(in, SIGNATURE)) {
      return readable < 16 ? null : binary(in, start);
    }
    throw malformed("it does not begin with a PROXY header");
  }

  /** Whether what is there is the beginning of {@code expected}, or all of it. */
  private static boolean startsWith(ByteBuf in, byte[] expected) {
    int common = Math.min(in.readableBytes(), expected.length);
    for (int i = 0; i < common; i++) {
      if (in.getByte(in.readerIndex() + i) != expected[i]) {
        return false;
      }
    }
    return true;
  }

  private static ProxyHeader text(String line) throws MalformedMessageException {
    if (!line.endsWith("\r\n")) {
      throw malformed("its PROXY line does not end in CRLF");
    }
    String[] parts = line.substring(0, line.length() - 2).split(" ", -1);
    if (parts.length >= 2 && parts[1].equals("UNKNOWN")) {
      return new ProxyHeader(null, null);
    }
    boolean shaped = parts.length == 6 && (parts[1].equals("TCP4") || parts[1].equals("TCP6"));
    if (!shaped) {
      throw malformed("its PROXY line is not six words");
    }
    Pattern family = parts[1].equals("TCP4") ? IPV4 : IPV6;
    return new ProxyHeader(
        address(family, parts[2], parts[4]), address(family, parts[3], parts[5]));
  }

  private static InetSocketAddress address(Pattern family, String host, String port)
      throws MalformedMessageException {
    try {
      int number = Integer.parseInt(port);
      if (family.matcher(host).matches() && number >= 0 && number <= 65535) {
        return new InetSocketAddress(InetAddress.getByName(host), number);
      }
    } catch (NumberFormatException | UnknownHostException e) {
      // Said below.
    }
    throw malformed("its PROXY line names no address");
  }

  private static @Nullable ProxyHeader binary(ByteBuf in, int start)
      throws MalformedMessageException {
    int command = in.getByte(start + 12) & 0xff;
    int family = in.getByte(start + 13) & 0xff;
    int length = in.getUnsignedShort(start + 14);
    if (command != 0x20 && command != 0x21) {
      throw malformed("its PROXY header is of another version");
    }
    if (length > MAX_BODY) {
      throw malformed("its PROXY header is too long");
    }
    if (in.readableBytes() < 16 + length) {
      return null;
    }
    byte[] body = new byte[length];
    in.skipBytes(16);
    in.readBytes(body);
    int size = family == 0x11 ? 4 : family == 0x21 ? 16 : 0;
    if (command == 0x20 || size == 0) {
      return new ProxyHeader(null, null);
    }
    if (length < 2 * size + 4) {
      throw malformed("its PROXY header is too short for its addresses");
    }
    return new ProxyHeader(binary(body, 0, size, 2 * size), binary(body, size, size, 2 * size + 2));
  }

  private static InetSocketAddress binary(byte[] body, int from, int size, int port)
      throws MalformedMessageException {
    try {
      return new InetSocketAddress(
          InetAddress.getByAddress(Arrays.copyOfRange(body, from, from + size)),
          (body[port] & 0xff) << 8 | (body[port + 1] & 0xff));
    } catch (UnknownHostException e) {
      throw malformed("its PROXY header names no address");
    }
  }

  private static MalformedMessageException malformed(String why) {
    return MalformedMessageException.badRequest(why);
  }

  /**
   * Writes a header.
   *
   * @param version 1 or 2
   */
  void write(int version, ByteBuf out) {
    InetSocketAddress source = from;
    InetSocketAddress target = to;
    boolean known =
        source != null
            && target != null
            && source.getAddress() != null
            && target.getAddress() != null
            && source.getAddress().getAddress().length == target.getAddress().getAddress().length;
    if (version == 2) {
      out.writeBytes(SIGNATURE);
      if (!known || source == null || target == null) {
        out.writeByte(0x20).writeByte(0).writeShort(0);
        return;
      }
      byte[] address = source.getAddress().getAddress();
      out.writeByte(0x21).writeByte(address.length == 4 ? 0x11 : 0x21);
      out.writeShort(2 * address.length + 4).writeBytes(address);
      out.writeBytes(target.getAddress().getAddress());
      out.writeShort(source.getPort()).writeShort(target.getPort());
      return;
    }
    String line = "PROXY UNKNOWN\r\n";
    if (known && source != null && target != null) {
      boolean four = source.getAddress().getAddress().length == 4;
      line =
          (four ? "PROXY TCP4 " : "PROXY TCP6 ")
              + bare(source.getAddress())
              + " "
              + bare(target.getAddress())
              + " "
              + source.getPort()
              + " "
              + target.getPort()
              + "\r\n";
    }
    out.writeCharSequence(line, StandardCharsets.US_ASCII);
  }

  private static String bare(InetAddress address) {
    String text = address.getHostAddress();
    int zone = text.indexOf('%');
    return zone < 0 ? text : text.substring(0, zone);
  }
}
