package io.dromos.dataplane.dns;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * A query as it came in (RFC 1035, 4; RFC 6891).
 *
 * @param flags second 16 bits of the header
 * @param fault RCODE to refuse it with before any look-up, {@link Dns#NO_ERROR} if it is sound
 * @param question name, type and class as sent, so that the reply echoes the spelling; on the heap
 * @param name lower case, without the final dot; a byte that no host name has stands as U+FFFD
 * @param edns what the client said in OPT; null without one
 */
record DnsQuery(
    int id,
    int flags,
    int fault,
    ByteBuf question,
    String name,
    int type,
    int klass,
    @Nullable Edns edns) {
  /** The client's OPT record. */
  record Edns(int udpSize, int version, boolean dnssecOk) {}

  private static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed() {
      super(null, null, false, false);
    }
  }

  /**
   * Reads a message; null when it deserves no reply: shorter than a header, or itself a reply. The
   * buffer's indices are left alone.
   */
  static @Nullable DnsQuery read(ByteBuf message) {
    if (message.readableBytes() < 12) {
      return null;
    }
    ByteBuf in = message.duplicate();
    int id = in.readUnsignedShort();
    int flags = in.readUnsignedShort();
    if ((flags & Dns.RESPONSE) != 0) {
      return null;
    }
    if ((flags & Dns.OPCODE) != 0) {
      return faulty(id, flags, Dns.NOT_IMPLEMENTED);
    }
    try {
      return readSound(in, id, flags);
    } catch (Malformed | IndexOutOfBoundsException e) {
      return faulty(id, flags, Dns.FORMAT_ERROR);
    }
  }

  private static DnsQuery faulty(int id, int flags, int fault) {
    return new DnsQuery(id, flags, fault, Unpooled.EMPTY_BUFFER, "", 0, Dns.CLASS_IN, null);
  }

  private static DnsQuery readSound(ByteBuf in, int id, int flags) throws Malformed {
    int questions = in.readUnsignedShort();
    int records = in.readUnsignedShort() + in.readUnsignedShort();
    int additional = in.readUnsignedShort();
    if (questions != 1) {
      throw new Malformed();
    }
    int start = in.readerIndex();
    String name = readName(in);
    int type = in.readUnsignedShort();
    int klass = in.readUnsignedShort();
    ByteBuf question = Unpooled.copiedBuffer(in.slice(start, in.readerIndex() - start));
    for (int i = 0; i < records; i++) {
      skipRecord(in);
    }
    Edns edns = null;
    for (int i = 0; i < additional; i++) {
      int owner = in.getByte(in.readerIndex());
      Edns opt = skipRecord(in);
      if (opt != null) {
        if (edns != null || owner != 0) {
          throw new Malformed();
        }
        edns = opt;
      }
    }
    return new DnsQuery(id, flags, Dns.NO_ERROR, question, name, type, klass, edns);
  }

  /** A question's name; compression has nothing to point at there. */
  private static String readName(ByteBuf in) throws Malformed {
    StringBuilder name = new StringBuilder();
    int wireLength = 1;
    for (int length = in.readUnsignedByte(); length != 0; length = in.readUnsignedByte()) {
      wireLength += length + 1;
      if (length > 63 || wireLength > 255) {
        throw new Malformed();
      }
      if (!name.isEmpty()) {
        name.append('.');
      }
      for (int i = 0; i < length; i++) {
        name.append(fold(in.readUnsignedByte()));
      }
    }
    return name.toString();
  }

  private static char fold(int octet) {
    if (octet >= 'A' && octet <= 'Z') {
      return (char) (octet + 32);
    }
    return octet > ' ' && octet < 127 && octet != '.' ? (char) octet : '\uFFFD';
  }

  /** Skips a resource record; its contents if it is OPT. */
  private static @Nullable Edns skipRecord(ByteBuf in) throws Malformed {
    for (int length = in.readUnsignedByte(); length != 0; length = in.readUnsignedByte()) {
      if (length >= 0xC0) {
        in.skipBytes(1);
        break;
      }
      if (length > 63) {
        throw new Malformed();
      }
      in.skipBytes(length);
    }
    int type = in.readUnsignedShort();
    int klass = in.readUnsignedShort();
    int ttl = in.readInt();
    in.skipBytes(in.readUnsignedShort());
    return type == Dns.TYPE_OPT
        ? new Edns(klass, (ttl >>> 16) & 0xFF, (ttl & Dns.DNSSEC_OK) != 0)
        : null;
  }

  boolean asks(int wanted) {
    return type == wanted || type == Dns.TYPE_ANY;
  }
}
