package io.dromos.routing;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All names Dromos answers for, lower case and without the final dot. VIP names are not here: they
 * are answered from {@link Vip} once the plane that carries them serves them.
 *
 * @param addresses IPv4 and IPv6 addresses in text form by name; those with a colon are IPv6 and
 *     answered as AAAA
 * @param services SRV records by name
 */
public record DnsRecords(Map<String, List<String>> addresses, Map<String, List<Srv>> services) {
  /** One SRV record; priority 0, weight 1. */
  public record Srv(String target, int port) {}

  public static final DnsRecords EMPTY = new DnsRecords(Map.of(), Map.of());

  public DnsRecords {
    // Compared whole at every change: a hash table is several times as fast at that as Map.copyOf.
    addresses = Collections.unmodifiableMap(new HashMap<>(addresses));
    services = Collections.unmodifiableMap(new HashMap<>(services));
  }
}
