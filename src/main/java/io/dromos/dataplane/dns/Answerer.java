package io.dromos.dataplane.dns;

import io.dromos.dataplane.dns.DnsWriter.Section;
import io.dromos.dataplane.dns.Suffixes.Place;
import io.dromos.routing.DnsRecords;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * Replies from what the zones know (service-discovery reference, 2.3 to 2.5). Unknown names are
 * NXDOMAIN for every type, SRV included; names with something below them are not.
 */
final class Answerer {
  static final int TTL = 5;
  static final int NEGATIVE_TTL = 1;
  private static final int NS_TTL = 3_600;
  private static final String NAME_SERVER = "ns.spartan";

  private final Zones zones;
  private final Suffixes suffixes;

  Answerer(Zones zones, Suffixes suffixes) {
    this.zones = zones;
    this.suffixes = suffixes;
  }

  /**
   * Writes the reply, unless the name is for an upstream server to know.
   *
   * @param client who asks
   * @param limit largest reply in bytes
   * @return false when nothing was written and the query is to be forwarded
   */
  boolean answer(DnsQuery query, InetAddress client, int limit, ByteBuf out) {
    if (query.fault() != Dns.NO_ERROR) {
      fail(query, query.fault(), out);
      return true;
    }
    DnsQuery.Edns edns = query.edns();
    if (edns != null && edns.version() != 0) {
      fail(query, Dns.BAD_VERSION, out);
      return true;
    }
    boolean transfer = query.type() == Dns.TYPE_AXFR || query.type() == Dns.TYPE_IXFR;
    if (transfer || (query.klass() != Dns.CLASS_IN && query.klass() != Dns.CLASS_ANY)) {
      fail(query, Dns.REFUSED, out);
      return true;
    }
    Optional<Place> place = suffixes.place(query.name());
    if (place.isPresent()) {
      new Reply(query, client, new DnsWriter(out, query, limit)).write(place.get());
      return true;
    }
    if (suffixes.isOurs(query.name())) {
      fail(query, Dns.REFUSED, out);
      return true;
    }
    return false;
  }

  /** A reply without records. */
  static void fail(DnsQuery query, int rcode, ByteBuf out) {
    new DnsWriter(out, query, Dns.UDP_PLAIN).finish(0, rcode);
  }

  /** One reply while it is written. After the first record that doesn't fit no other is tried. */
  private final class Reply {
    private final DnsQuery query;
    private final InetAddress client;
    private final DnsWriter writer;
    private boolean some;
    private boolean fits = true;

    Reply(DnsQuery query, InetAddress client, DnsWriter writer) {
      this.query = query;
      this.client = client;
      this.writer = writer;
    }

    void write(Place asked) {
      Place place = asked;
      String owner = query.name();
      String target = zones.alias(asked.canonical());
      if (target != null) {
        record(Section.ANSWER, owner, Dns.TYPE_CNAME, TTL, w -> w.writeName(target));
        if (query.asks(Dns.TYPE_CNAME)) {
          finish(asked, List.of());
          return;
        }
        owner = target;
        place = suffixes.place(target).orElse(asked);
      }
      writeAddresses(owner, zones.addresses(place.canonical(), client));
      List<String> targets = writeServices(owner, place);
      if (place.isApex()) {
        writeApex(place);
      }
      finish(place, targets);
    }

    private void writeAddresses(String owner, List<byte[]> all) {
      boolean v4 = query.asks(Dns.TYPE_A);
      boolean v6 = query.asks(Dns.TYPE_AAAA);
      if (v4 || v6) {
        for (byte[] address : shuffled(all)) {
          if (address.length == 4 ? v4 : v6) {
            address(Section.ANSWER, owner, address);
          }
        }
      }
    }

    private List<String> writeServices(String owner, Place place) {
      List<String> targets = new ArrayList<>();
      if (query.asks(Dns.TYPE_SRV)) {
        for (DnsRecords.Srv service : shuffled(zones.services(place.canonical()))) {
          String target = place.spell(service.target());
          record(
              Section.ANSWER,
              owner,
              Dns.TYPE_SRV,
              TTL,
              w -> {
                w.writeShort(0);
                w.writeShort(1);
                w.writeShort(service.port());
                w.writeName(target);
              });
          targets.add(service.target());
        }
      }
      return targets;
    }

    private void writeApex(Place place) {
      if (query.asks(Dns.TYPE_SOA)) {
        soa(Section.ANSWER, place.asked(), TTL);
      }
      if (query.asks(Dns.TYPE_NS)) {
        record(Section.ANSWER, place.asked(), Dns.TYPE_NS, NS_TTL, w -> w.writeName(NAME_SERVER));
        if (fits) {
          for (byte[] address : zones.addresses(NAME_SERVER, client)) {
            additional(NAME_SERVER, address);
          }
        }
      }
    }

    private void finish(Place place, List<String> targets) {
      if (some) {
        if (fits) {
          addTargets(place, targets);
        }
        writer.finish(Dns.AUTHORITATIVE | (fits ? 0 : Dns.TRUNCATED), Dns.NO_ERROR);
        return;
      }
      soa(Section.AUTHORITY, place.asked(), NEGATIVE_TTL);
      boolean exists = place.isApex() || zones.exists(place.canonical(), client);
      writer.finish(Dns.AUTHORITATIVE, exists ? Dns.NO_ERROR : Dns.NO_SUCH_NAME);
    }

    /** Addresses of SRV targets, as far as they fit: leaving them out is no truncation. */
    private void addTargets(Place place, List<String> targets) {
      for (String target : targets.stream().distinct().toList()) {
        for (byte[] address : zones.addresses(target, client)) {
          if (!additional(place.spell(target), address)) {
            return;
          }
        }
      }
    }

    private boolean additional(String owner, byte[] address) {
      return writer.add(
          Section.ADDITIONAL, owner, type(address), TTL, w -> w.writeAddress(address));
    }

    private void address(Section section, String owner, byte[] address) {
      record(section, owner, type(address), TTL, w -> w.writeAddress(address));
    }

    private void soa(Section section, String owner, int ttl) {
      record(
          section,
          owner,
          Dns.TYPE_SOA,
          ttl,
          w -> {
            w.writeName(NAME_SERVER);
            w.writeName("hostmaster.spartan");
            w.writeInt(zones.serial());
            w.writeInt(60);
            w.writeInt(180);
            w.writeInt(86_400);
            w.writeInt(NEGATIVE_TTL);
          });
    }

    private void record(
        Section section, String owner, int type, int ttl, Consumer<DnsWriter> data) {
      some |= section == Section.ANSWER;
      fits = fits && writer.add(section, owner, type, ttl, data);
    }
  }

  private static int type(byte[] address) {
    return address.length == 4 ? Dns.TYPE_A : Dns.TYPE_AAAA;
  }

  private static <T> List<T> shuffled(List<T> records) {
    if (records.size() < 2) {
      return records;
    }
    List<T> copy = new ArrayList<>(records);
    Collections.shuffle(copy, ThreadLocalRandom.current());
    return copy;
  }
}
