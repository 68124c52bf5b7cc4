package io.dromos.dataplane.dns;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Writes one reply, section by section, within a size limit. Owners of records point back at names
 * already written, the question's first of all, so that they carry the spelling that was asked.
 */
final class DnsWriter {
  /** Sections after the question, in order. */
  enum Section {
    ANSWER,
    AUTHORITY,
    ADDITIONAL
  }

  private static final int OPT_LENGTH = 11;

  private final ByteBuf out;
  private final DnsQuery query;
  private final int start;
  private final int limit;
  private final Map<Section, Integer> counts = new EnumMap<>(Section.class);
  private final Map<String, Integer> offsets = new HashMap<>();

  /** Begins at the buffer's writer index. */
  DnsWriter(ByteBuf out, DnsQuery query, int limit) {
    this.out = out;
    this.query = query;
    this.start = out.writerIndex();
    this.limit = query.edns() == null ? limit : limit - OPT_LENGTH;
    out.writeZero(12);
    out.writeBytes(query.question().duplicate());
    String name = query.name();
    for (int at = 0; at >= 0 && at < name.length(); at = nextLabel(name, at)) {
      offsets.putIfAbsent(name.substring(at), 12 + at);
    }
  }

  private static int nextLabel(String name, int at) {
    int dot = name.indexOf('.', at);
    return dot < 0 ? -1 : dot + 1;
  }

  /**
   * Adds a record of class IN.
   *
   * @return false when it no longer fits; nothing is written then
   */
  boolean add(Section section, String owner, int type, int ttl, Consumer<DnsWriter> data) {
    int mark = out.writerIndex();
    writeName(owner, true);
    out.writeShort(type).writeShort(Dns.CLASS_IN).writeInt(ttl);
    int lengthAt = out.writerIndex();
    out.writeShort(0);
    data.accept(this);
    if (out.writerIndex() - start > limit) {
      out.writerIndex(mark);
      offsets.values().removeIf(offset -> offset >= mark - start);
      return false;
    }
    out.setShort(lengthAt, out.writerIndex() - lengthAt - 2);
    counts.merge(section, 1, Integer::sum);
    return true;
  }

  void writeAddress(byte[] address) {
    out.writeBytes(address);
  }

  void writeShort(int value) {
    out.writeShort(value);
  }

  void writeInt(int value) {
    out.writeInt(value);
  }

  /** A name inside of record data: in full, so that no client has to follow it. */
  void writeName(String name) {
    writeName(name, false);
  }

  private void writeName(String name, boolean compress) {
    int at = 0;
    while (at >= 0 && at < name.length()) {
      String rest = name.substring(at);
      Integer known = offsets.get(rest);
      if (known != null && compress) {
        out.writeShort(0xC000 | known);
        return;
      }
      int offset = out.writerIndex() - start;
      if (offset < 0x4000) {
        offsets.putIfAbsent(rest, offset);
      }
      int dot = name.indexOf('.', at);
      String label = dot < 0 ? rest : name.substring(at, dot);
      out.writeByte(label.length());
      out.writeCharSequence(label, StandardCharsets.US_ASCII);
      at = nextLabel(name, at);
    }
    out.writeByte(0);
  }

  /** Adds OPT if the query had one, then the header. */
  void finish(int flags, int rcode) {
    DnsQuery.Edns edns = query.edns();
    int additional = counts.getOrDefault(Section.ADDITIONAL, 0);
    if (edns != null) {
      out.writeByte(0).writeShort(Dns.TYPE_OPT).writeShort(Dns.UDP_LIMIT);
      out.writeByte(rcode >>> 4).writeByte(0).writeShort(edns.dnssecOk() ? Dns.DNSSEC_OK : 0);
      out.writeShort(0);
      additional++;
    }
    int kept = query.flags() & (Dns.OPCODE | Dns.RECURSION_DESIRED);
    out.setShort(start, query.id());
    out.setShort(start + 2, Dns.RESPONSE | kept | flags | (rcode & 0xF));
    out.setShort(start + 4, query.question().isReadable() ? 1 : 0);
    out.setShort(start + 6, counts.getOrDefault(Section.ANSWER, 0));
    out.setShort(start + 8, counts.getOrDefault(Section.AUTHORITY, 0));
    out.setShort(start + 10, additional);
  }
}
