package io.dromos.dataplane.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/**
 * The few shapes of DER that certificates and keys are wrapped in (ITU-T X.690). Every method
 * returns one whole element.
 */
final class Der {
  private Der() {}

  static byte[] element(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    int length = content.size();
    if (length < 0x80) {
      out.write(length);
    } else {
      byte[] size = BigInteger.valueOf(length).toByteArray();
      int skip = size[0] == 0 ? 1 : 0;
      out.write(0x80 | (size.length - skip));
      out.write(size, skip, size.length - skip);
    }
    out.writeBytes(content.toByteArray());
    return out.toByteArray();
  }

  static byte[] sequence(byte[]... parts) {
    return element(0x30, parts);
  }

  static byte[] set(byte[]... parts) {
    return element(0x31, parts);
  }

  static byte[] integer(BigInteger value) {
    return element(0x02, value.toByteArray());
  }

  static byte[] octets(byte[] content) {
    return element(0x04, content);
  }

  /** A bit string without unused bits. */
  static byte[] bits(byte[] content) {
    return element(0x03, new byte[] {0}, content);
  }

  static byte[] utf8(String text) {
    return element(0x0c, text.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] nothing() {
    return element(0x05);
  }

  static byte[] yes() {
    return element(0x01, new byte[] {(byte) 0xff});
  }

  /** {@code 1.2.840.10045.2.1}. */
  static byte[] oid(String dotted) {
    String[] arcs = dotted.split("\\.");
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.write(Integer.parseInt(arcs[0]) * 40 + Integer.parseInt(arcs[1]));
    for (int i = 2; i < arcs.length; i++) {
      long arc = Long.parseLong(arcs[i]);
      int shift = 0;
      while (arc >> (shift + 7) != 0) {
        shift += 7;
      }
      for (; shift > 0; shift -= 7) {
        content.write((int) (0x80 | (arc >> shift & 0x7f)));
      }
      content.write((int) (arc & 0x7f));
    }
    return element(0x06, content.toByteArray());
  }

  /** What an element holds, when it begins at {@code from} and has that tag; else null. */
  static byte @org.jspecify.annotations.Nullable [] content(byte[] der, int from, int tag) {
    if (from + 2 > der.length || (der[from] & 0xff) != tag) {
      return null;
    }
    int start = from + 2;
    int length = der[from + 1] & 0xff;
    if (length >= 0x80) {
      int bytes = length & 0x7f;
      if (bytes > 3 || start + bytes > der.length) {
        return null;
      }
      length = 0;
      for (int i = 0; i < bytes; i++) {
        length = length << 8 | (der[start + i] & 0xff);
      }
      start += bytes;
    }
    return length > der.length - start
        ? null
        : java.util.Arrays.copyOfRange(der, start, start + length);
  }

  /** Bytes the element at {@code from} takes, its tag and length included; 0 if it is cut off. */
  static int size(byte[] der, int from) {
    if (from + 2 > der.length) {
      return 0;
    }
    byte[] content = content(der, from, der[from] & 0xff);
    if (content == null) {
      return 0;
    }
    int length = der[from + 1] & 0xff;
    return 2 + (length >= 0x80 ? length & 0x7f : 0) + content.length;
  }
}
