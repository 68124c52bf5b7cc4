package io.dromos.dataplane.kernel;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * The table as nft reads it: chains that never change, and maps whose elements do. A connection
 * costs two look-ups by hash, however many services there are.
 *
 * <ul>
 *   <li>{@code services} leads address, protocol and port to a chain {@code nN}, which draws one of
 *       N {@code slots}. Both are asked twice: while the kernel takes a transaction over, a look-up
 *       that began before it finds neither the old element nor the new one, and the next finds the
 *       new one. The second draw takes the first slot, which exists whenever any does.
 *   <li>Both hooks come shortly before those of port mappings (Docker's, CNI's) at priority -100: a
 *       host port equal to a VIP's port must not take the VIP's connections.
 *   <li>Packets in the middle of a TCP connection that the kernel does not know, since its backend
 *       is gone, are not dispatched but reset.
 *   <li>What is not dispatched is refused: TCP of this machine before it is remembered, so that a
 *       later connection from the same port is looked at anew; all else where it would be
 *       delivered, since the sender of a datagram that is refused on its way out is told "not
 *       permitted".
 *   <li>Connections that leave the machine get its address as their source: replies then come back
 *       this way, and a container reaches itself through its VIP.
 *   <li>What arrives by an interface towards the outside is not dispatched: VIP addresses mean
 *       something on their own node only.
 * </ul>
 *
 * @param prefix the pool, {@code 11.0.0.0/9}
 * @param timeouts whether the kernel has timeouts by policy: 30 s for UDP, so that a client's
 *     socket moves on, and for the table's memory of ended TCP connections
 */
record Ruleset(String prefix, boolean timeouts) {
  static final String TABLE = "dromos";

  /** Bumped when the layout changes, so that a table of another release is replaced. */
  static final int LAYOUT = 2;

  /** A VIP with more backends than this costs a new table now and then. */
  private static final int COMMON = 64;

  /** Chains, maps and sets, without elements. */
  String structure(Collection<Integer> counts, String mark) {
    StringBuilder text = new StringBuilder(4096);
    text.append("table ip ").append(TABLE).append(" {\n");
    text.append(
        """
          map slots { typeof ip daddr . meta l4proto . th dport . numgen random mod 65535 : ip daddr . th dport
          }
          map services { type ipv4_addr . inet_proto . inet_service : verdict
          }
          set pinned { type ipv4_addr
          }
          set outside { type ifname
          }
        """);
    if (timeouts) {
      text.append(
          """
            ct timeout tcp_flows { protocol tcp; l3proto ip; policy = { time_wait : 30 };
            }
            ct timeout udp_flows { protocol udp; l3proto ip; policy = { unreplied : 30, replied : 30 };
            }
          """);
    }
    counts.forEach(count -> text.append(chain(count)));
    text.append(
        """
          chain dispatch {
            tcp flags & (fin | syn | rst | ack) != syn return
        """);
    if (timeouts) {
      text.append(
          """
              meta l4proto tcp ct timeout set "tcp_flows"
              meta l4proto udp ct timeout set "udp_flows"
          """);
    }
    text.append(
        """
            ip daddr . meta l4proto . th dport vmap @services
            ip daddr . meta l4proto . th dport vmap @services
          }
          chain prerouting { type nat hook prerouting priority -105;
            iifname @outside return
            jump dispatch
          }
          chain output { type nat hook output priority -105;
            jump dispatch
            ip daddr PREFIX meta l4proto tcp reject with tcp reset
            ip daddr @pinned meta l4proto tcp reject with tcp reset
          }
          chain postrouting { type nat hook postrouting priority 95;
            oifname "lo" return
            ct status dnat ct original ip daddr PREFIX masquerade fully-random
            ct status dnat ct original ip daddr @pinned masquerade fully-random
          }
          chain refuse {
            meta l4proto tcp reject with tcp reset
            meta l4proto udp reject with icmp port-unreachable
          }
          chain input { type filter hook input priority 0;
            ip daddr PREFIX jump refuse
            ip daddr @pinned jump refuse
          }
        """
            .replace("PREFIX", prefix));
    text.append(owner(mark)).append("}\n");
    return text.toString();
  }

  /**
   * Counts for which the table gets a chain: those in use, and all up to {@link #COMMON}. There is
   * no adding one later: nft 1.0.6 refuses rules that look into a map which exists already, unless
   * the whole table is made anew.
   */
  static Set<Integer> chains(Elements elements) {
    Set<Integer> counts = new TreeSet<>(elements.counts());
    for (int count = 1; count <= COMMON; count++) {
      counts.add(count);
    }
    return counts;
  }

  /** In one transaction: no moment is without a table, or with half of one. */
  String replacement(Elements elements, String mark) {
    Set<Integer> counts = chains(elements);
    return "add table ip "
        + TABLE
        + "\ndelete table ip "
        + TABLE
        + "\n"
        + structure(counts, mark)
        + Elements.NONE.commandsTo(elements);
  }

  /** The chain that draws among {@code count} slots. */
  static String chain(int count) {
    return """
      chain nCOUNT {
        meta l4proto { tcp, udp } dnat ip to ip daddr . meta l4proto . th dport . numgen random mod COUNT map @slots
        meta l4proto { tcp, udp } dnat ip to ip daddr . meta l4proto . th dport . numgen random mod 1 map @slots
      }
    """
        .replace("COUNT", String.valueOf(count));
  }

  /** An empty chain whose comment says who owns the table. */
  static String owner(String mark) {
    return "  chain owner { comment \"" + mark + "\"\n  }\n";
  }

  /** Commands that change the owner and nothing else. */
  static String newOwner(String mark) {
    return "delete chain ip " + TABLE + " owner\ntable ip " + TABLE + " {\n" + owner(mark) + "}\n";
  }
}
