package io.dromos.dataplane.dns;

import io.dromos.dataplane.dns.DnsWriter.Section;
import io.dromos.routing.DnsRecords;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Replies from what the zones know (service-discovery reference, 2.3 to 2.5). Unknown names are
 * NXDOMAIN for every type, SRV included; names with something below them are not.
 */
final class Answerer {
  static final int TTL = 5;
  static final int NEGATIVE_TTL = 1;
  private static final int NS_TTL = 3_600;

  private final Zones zones;

  Answerer(Zones zones) {
    this.zones = zones;
  }

  /**
   * Writes the reply, unless the name is for an upstream server to know.
   *
   * @param limit largest reply in bytes
   * @return false when nothing was written and the query is to be forwarded
   */
  boolean answer(DnsQuery query, int limit, ByteBuf out) {
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
    Optional<Zones.Place> place = Zones.place(query.name());
    if (place.isPresent()) {
      fromZone(query, place.get(), new DnsWriter(out, query, limit));
      return true;
    }
    if (Zones.isOurs(query.name())) {
      fail(query, Dns.REFUSED, out);
      return true;
    }
    return false;
  }

  /** A reply without records. */
  static void fail(DnsQuery query, int rcode, ByteBuf out) {
    new DnsWriter(out, query, Dns.UDP_PLAIN).finish(0, rcode);
  }

  private void fromZone(DnsQuery query, Zones.Place place, DnsWriter writer) {
    boolean fits = true;
    boolean some = false;
    List<String> targets = new ArrayList<>();
    if (query.asks(Dns.TYPE_A)) {
      for (byte[] address : shuffled(zones.addresses(place.canonical()))) {
        some = true;
        fits &= addAddress(writer, Section.ANSWER, query.name(), address);
      }
    }
    if (query.asks(Dns.TYPE_SRV)) {
      for (DnsRecords.Srv service : shuffled(zones.services(place.canonical()))) {
        some = true;
        fits &= addService(writer, query.name(), service.port(), place.spell(service.target()));
        targets.add(service.target());
      }
    }
    if (place.isApex() && query.asks(Dns.TYPE_SOA)) {
      some = true;
      fits &= addSoa(writer, Section.ANSWER, place.asked(), TTL);
    }
    if (place.isApex() && query.asks(Dns.TYPE_NS)) {
      some = true;
      fits &=
          writer.add(
              Section.ANSWER, place.asked(), Dns.TYPE_NS, NS_TTL, w -> w.writeName("ns.spartan"));
    }
    int flags = Dns.AUTHORITATIVE | (fits ? 0 : Dns.TRUNCATED);
    if (some) {
      addTargets(writer, place, targets);
      writer.finish(flags, Dns.NO_ERROR);
    } else {
      addSoa(writer, Section.AUTHORITY, place.asked(), NEGATIVE_TTL);
      boolean exists = place.isApex() || zones.exists(place.canonical());
      writer.finish(flags, exists ? Dns.NO_ERROR : Dns.NO_SUCH_NAME);
    }
  }

  /** Addresses of SRV targets, as far as they fit: leaving them out is no truncation. */
  private void addTargets(DnsWriter writer, Zones.Place place, List<String> targets) {
    for (String target : targets.stream().distinct().toList()) {
      for (byte[] address : zones.addresses(target)) {
        if (!addAddress(writer, Section.ADDITIONAL, place.spell(target), address)) {
          return;
        }
      }
    }
  }

  private static boolean addAddress(
      DnsWriter writer, Section section, String owner, byte[] address) {
    return writer.add(section, owner, Dns.TYPE_A, TTL, w -> w.writeAddress(address));
  }

  private static boolean addService(DnsWriter writer, String owner, int port, String target) {
    return writer.add(
        Section.ANSWER,
        owner,
        Dns.TYPE_SRV,
        TTL,
        w -> {
          w.writeShort(0);
          w.writeShort(1);
          w.writeShort(port);
          w.writeName(target);
        });
  }

  private static boolean addSoa(DnsWriter writer, Section section, String owner, int ttl) {
    return writer.add(
        section,
        owner,
        Dns.TYPE_SOA,
        ttl,
        w -> {
          w.writeName("ns.spartan");
          w.writeName("hostmaster.spartan");
          w.writeInt(1);
          w.writeInt(60);
          w.writeInt(180);
          w.writeInt(86_400);
          w.writeInt(NEGATIVE_TTL);
        });
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
