package io.dromos.routing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Addresses from text. Unlike {@code InetAddress}, it never takes a name for one, nor resolves. */
final class IpBytes {
  private IpBytes() {}

  /** 4 or 16 bytes; null when the text is no address. */
  static byte @Nullable [] parse(String text) {
    return text.indexOf(':') < 0 ? quad(text) : groups(text);
  }

  private static byte @Nullable [] quad(String text) {
    String[] parts = text.split("\\.", -1);
    byte[] bytes = new byte[4];
    if (parts.length != 4) {
      return null;
    }
    for (int i = 0; i < 4; i++) {
      if (!parts[i].matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(parts[i]) > 255) {
        return null;
      }
      bytes[i] = (byte) Integer.parseInt(parts[i]);
    }
    return bytes;
  }

  private static byte @Nullable [] groups(String text) {
    int gap = text.indexOf("::");
    if (gap < 0) {
      byte[] all = half(text);
      return all != null && all.length == 16 ? unmapped(all) : null;
    }
    byte[] left = half(text.substring(0, gap));
    byte[] right = half(text.substring(gap + 2));
    if (left == null || right == null || left.length + right.length > 14) {
      return null;
    }
    byte[] bytes = new byte[16];
    System.arraycopy(left, 0, bytes, 0, left.length);
    System.arraycopy(right, 0, bytes, 16 - right.length, right.length);
    return unmapped(bytes);
  }

  private static byte @Nullable [] half(String text) {
    if (text.isEmpty()) {
      return new byte[0];
    }
    List<Byte> bytes = new ArrayList<>();
    String[] parts = text.split(":", -1);
    for (int i = 0; i < parts.length; i++) {
      byte[] quad = i == parts.length - 1 && parts[i].contains(".") ? quad(parts[i]) : null;
      if (quad != null) {
        for (byte one : quad) {
          bytes.add(one);
        }
      } else if (parts[i].matches("[0-9a-fA-F]{1,4}")) {
        int group = Integer.parseInt(parts[i], 16);
        bytes.add((byte) (group >> 8));
        bytes.add((byte) group);
      } else {
        return null;
      }
    }
    byte[] copy = new byte[bytes.size()];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = bytes.get(i);
    }
    return copy;
  }

  /** {@code ::ffff:a.b.c.d} as four bytes. */
  static byte[] unmapped(byte[] address) {
    if (address.length != 16 || address[10] != -1 || address[11] != -1) {
      return address;
    }
    for (int i = 0; i < 10; i++) {
      if (address[i] != 0) {
        return address;
      }
    }
    return Arrays.copyOfRange(address, 12, 16);
  }
}
