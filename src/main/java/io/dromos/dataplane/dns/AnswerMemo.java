package io.dromos.dataplane.dns;

import io.dromos.routing.ServedVips;
import io.netty.buffer.ByteBuf;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Replies by question, as bytes: what the careful path once answered to a plain question about
 * addresses is answered again without parsing anything. Forgotten with the snapshot it came from; a
 * VIP's address is asked of its plane every time all the same. Confined to one loop.
 *
 * <p>Only names that exist are kept, so that random questions cost no memory.
 */
final class AnswerMemo {
  /** Longer questions take the careful path. */
  static final int LONGEST_QUERY = 512;

  /** Room that {@link #reply} needs. */
  static final int LONGEST_REPLY = 4_096;

  private static final int HEADER = 12;
  private static final int OPT_LENGTH = 11;
  private static final int ADDRESS_RECORD = 16;
  private static final int ADDRESS6_RECORD = 28;
  private static final int FEWEST_SLOTS = 1_024;
  private static final int MOST_ENTRIES = 32_768;

  /** What follows the question in a reply, OPT aside. */
  private static final class Entry {
    final byte[] key;
    final int hash;
    final byte[] body;

    /** Bytes of each answer; 0 for a reply without any. */
    final int record;

    final int answers;
    final @Nullable String vip;
    @Nullable String vipAddress;

    Entry(byte[] key, int hash, byte[] body, int record, int answers, @Nullable String vip) {
      this.key = key;
      this.hash = hash;
      this.body = body;
      this.record = record;
      this.answers = answers;
      this.vip = vip;
    }
  }

  private final ServedVips served;
  private final SplittableRandom random = new SplittableRandom();
  private final byte[] key = new byte[LONGEST_QUERY];
  private @Nullable Entry[] table = new Entry[FEWEST_SLOTS];
  private int entries;
  private @Nullable Zones zones;

  // Found by the last call of readQuestion.
  private int keyLength;
  private int hash;
  private int questionEnd;
  private int udpSize;
  private boolean hasOpt;
  private boolean dnssecOk;

  AnswerMemo(ServedVips served) {
    this.served = served;
  }

  /** Forgets everything, unless these are the zones that it came from. */
  void follow(Zones now) {
    if (zones != now) {
      zones = now;
      forget();
    }
  }

  private void forget() {
    if (entries > 0) {
      table = new Entry[FEWEST_SLOTS];
      entries = 0;
    }
  }

  /**
   * Turns a query into its reply, in place.
   *
   * @param message at least {@link #LONGEST_REPLY} bytes
   * @return length of the reply; 0 when the careful path must see the query, which is then as it
   *     was
   */
  int reply(byte[] message, int length, boolean tcp, InetAddress client) {
    if (!readQuestion(message, length)) {
      return 0;
    }
    Entry entry = find();
    if (entry == null || (entry.vip != null && !isServed(entry, client))) {
      return 0;
    }
    int end = questionEnd + entry.body.length;
    int total = hasOpt ? end + OPT_LENGTH : end;
    if (total > (tcp ? LONGEST_REPLY : udpLimit())) {
      return 0;
    }
    message[2] = (byte) (0x84 | (message[2] & 1));
    message[3] = 0;
    message[6] = (byte) (entry.answers >>> 8);
    message[7] = (byte) entry.answers;
    message[8] = 0;
    message[9] = (byte) (entry.answers == 0 ? 1 : 0);
    System.arraycopy(entry.body, 0, message, questionEnd, entry.body.length);
    if (entry.answers > 1) {
      shuffle(message, questionEnd, entry);
    }
    message[10] = 0;
    message[11] = (byte) (hasOpt ? 1 : 0);
    if (hasOpt) {
      writeOpt(message, end);
    }
    return total;
  }

  private int udpLimit() {
    return hasOpt ? Math.max(Dns.UDP_PLAIN, Math.min(udpSize, Dns.UDP_LIMIT)) : Dns.UDP_PLAIN;
  }

  private void writeOpt(byte[] message, int at) {
    message[at] = 0;
    message[at + 1] = 0;
    message[at + 2] = Dns.TYPE_OPT;
    message[at + 3] = (byte) (Dns.UDP_LIMIT >>> 8);
    message[at + 4] = (byte) Dns.UDP_LIMIT;
    message[at + 5] = 0;
    message[at + 6] = 0;
    message[at + 7] = (byte) (dnssecOk ? 0x80 : 0);
    message[at + 8] = 0;
    message[at + 9] = 0;
    message[at + 10] = 0;
  }

  /** Whether the VIP is served now; brings the entry's address up to date. */
  private boolean isServed(Entry entry, InetAddress client) {
    String name = entry.vip;
    Optional<String> address = name == null ? Optional.empty() : served.addressOf(name, client);
    if (address.isEmpty()) {
      return false;
    }
    String text = address.get();
    if (entry.answers == 0 || text.equals(entry.vipAddress)) {
      return true;
    }
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
    if (bytes == null || bytes.length != 4) {
      return false;
    }
    System.arraycopy(bytes, 0, entry.body, entry.body.length - 4, 4);
    entry.vipAddress = text;
    return true;
  }

  private void shuffle(byte[] message, int start, Entry entry) {
    int size = entry.record;
    int data = size - HEADER;
    for (int i = entry.answers - 1; i > 0; i--) {
      int one = start + i * size + HEADER;
      int other = start + random.nextInt(i + 1) * size + HEADER;
      for (int b = 0; b < data; b++) {
        byte held = message[one + b];
        message[one + b] = message[other + b];
        message[other + b] = held;
      }
    }
  }

  /**
   * Keeps what the careful path answered.
   *
   * @param message the query as it came
   * @param reply starts at its reader index
   * @param vip name of the VIP it is about, or null
   */
  void learn(byte[] message, int length, ByteBuf reply, @Nullable String vip) {
    int start = reply.readerIndex();
    if (reply.readableBytes() > LONGEST_REPLY
        || !readQuestion(message, length)
        || (reply.getUnsignedShort(start + 2) & (Dns.TRUNCATED | 0xF)) != 0) {
      return;
    }
    int from = start + questionEnd;
    int bodyLength = reply.writerIndex() - from - (hasOpt ? OPT_LENGTH : 0);
    int answers = reply.getUnsignedShort(start + 6);
    int others = reply.getUnsignedShort(start + 10) - (hasOpt ? 1 : 0);
    int type = type(message);
    int record = type == Dns.TYPE_A ? ADDRESS_RECORD : ADDRESS6_RECORD;
    if (bodyLength < 0 || others != 0 || (answers > 0 && answers * record != bodyLength)) {
      return;
    }
    byte[] body = new byte[bodyLength];
    reply.getBytes(from, body);
    for (int i = 0; i < answers; i++) {
      // An alias among them has another owner than the question.
      if (body[i * record] != (byte) 0xC0
          || body[i * record + 1] != HEADER
          || body[i * record + 3] != (byte) type) {
        return;
      }
    }
    if (vip == null || answers < 2) {
      put(new Entry(Arrays.copyOf(key, keyLength), hash, body, record, answers, vip));
    }
  }

  private int type(byte[] message) {
    return (message[questionEnd - 4] & 0xFF) << 8 | (message[questionEnd - 3] & 0xFF);
  }

  private void put(Entry entry) {
    if (entries >= MOST_ENTRIES) {
      forget();
    }
    if (entries * 2 >= table.length) {
      @Nullable Entry[] old = table;
      table = new Entry[old.length * 2];
      for (Entry known : old) {
        if (known != null) {
          table[slot(known.key, known.key.length, known.hash)] = known;
        }
      }
    }
    int slot = slot(entry.key, entry.key.length, entry.hash);
    if (table[slot] == null) {
      entries++;
    }
    table[slot] = entry;
  }

  private @Nullable Entry find() {
    return table[slot(key, keyLength, hash)];
  }

  /** Where the key is, or the free slot where it belongs. */
  private int slot(byte[] wanted, int length, int wantedHash) {
    int mask = table.length - 1;
    int slot = (wantedHash ^ (wantedHash >>> 16)) & mask;
    for (Entry at = table[slot]; at != null; at = table[slot]) {
      if (at.hash == wantedHash && Arrays.equals(at.key, 0, at.key.length, wanted, 0, length)) {
        break;
      }
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /**
   * Reads a query for addresses of class IN with nothing beside it but OPT of version 0; false for
   * any other.
   */
  private boolean readQuestion(byte[] message, int length) {
    if (length < HEADER + 5
        || length > LONGEST_QUERY
        || (message[2] & 0xFE) != 0
        || message[4] != 0
        || message[5] != 1
        || (message[6] | message[7] | message[8] | message[9] | message[10]) != 0
        || (message[11] & 0xFE) != 0) {
      return false;
    }
    int at = readName(message, length);
    if (at < 0 || at + 4 > length || message[at + 2] != 0 || message[at + 3] != Dns.CLASS_IN) {
      return false;
    }
    int type = message[at + 1];
    if (message[at] != 0 || (type != Dns.TYPE_A && type != Dns.TYPE_AAAA)) {
      return false;
    }
    keyLength = at - HEADER;
    key[keyLength - 1] = (byte) type;
    hash = hash * 31 + type;
    questionEnd = at + 4;
    hasOpt = message[11] == 1;
    return hasOpt ? readOpt(message, questionEnd, length) : questionEnd == length;
  }

  /** Folds a name into the key and the hash; the index behind it, or -1. */
  private int readName(byte[] message, int length) {
    int at = HEADER;
    int sum = 0;
    int label = message[at];
    while (label != 0) {
      int next = at + 1 + label;
      if (label < 0 || label > 63 || next >= length || next - HEADER > 254) {
        return -1;
      }
      key[at - HEADER] = (byte) label;
      sum = sum * 31 + label;
      for (int i = at + 1; i < next; i++) {
        byte octet = message[i];
        if (octet >= 'A' && octet <= 'Z') {
          octet = (byte) (octet + 32);
        } else if (octet == '*') {
          return -1;
        }
        key[i - HEADER] = octet;
        sum = sum * 31 + octet;
      }
      at = next;
      label = message[at];
    }
    hash = sum;
    return at + 1;
  }

  private boolean readOpt(byte[] message, int at, int length) {
    if (at + OPT_LENGTH > length
        || message[at] != 0
        || message[at + 1] != 0
        || message[at + 2] != Dns.TYPE_OPT
        || message[at + 6] != 0) {
      return false;
    }
    int options = (message[at + 9] & 0xFF) << 8 | (message[at + 10] & 0xFF);
    udpSize = (message[at + 3] & 0xFF) << 8 | (message[at + 4] & 0xFF);
    dnssecOk = (message[at + 7] & 0x80) != 0;
    return at + OPT_LENGTH + options == length;
  }
}
