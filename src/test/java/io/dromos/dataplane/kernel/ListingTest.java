package io.dromos.dataplane.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Reading what nft prints. */
class ListingTest {
  private static final String TEXT =
      """
      table ip dromos {
      \tct timeout udp_flows {
      \t\tprotocol udp
      \t\tl3proto ip
      \t\tpolicy = { replied : 30 }
      \t}

      \tmap slots {
      \t\ttypeof ip daddr . meta l4proto . th dport . numgen random mod 65535 : ip daddr . th dport
      \t\telements = { 11.0.1.5 . tcp . 80 . 0 : 10.0.0.1 . 31000,
      \t\t\t     11.0.1.5 . tcp . 80 . 1 : 10.0.0.1 . 31001 }
      \t}

      \tmap services {
      \t\ttype ipv4_addr . inet_proto . inet_service : verdict
      \t\telements = { 11.0.1.5 . tcp . 80 : goto n2 }
      \t}

      \tset pinned {
      \t\ttype ipv4_addr
      \t\telements = { 198.51.100.7 }
      \t}

      \tset outside {
      \t\ttype ifname
      \t\telements = { "eth0",
      \t\t\t     "wlan0" }
      \t}

      \tchain n2 {
      \t\tmeta l4proto { tcp, udp } dnat ip to ip daddr . th dport . numgen random mod 2 map @slots
      \t\tmeta l4proto { tcp, udp } dnat ip to ip daddr . th dport . numgen random mod 1 map @slots
      \t}

      \tchain output {
      \t\ttype nat hook output priority -105; policy accept;
      \t\tjump dispatch
      \t}

      \tchain owner {
      \t\tcomment "dromos 1 0123456789abcdef 42 4711 new"
      \t}
      }
      """;

  @Test
  void elementsAndOwnerAreRead() {
    Listing listing = Listing.parse(TEXT);
    assertEquals(
        new Elements(
            Map.of(
                "11.0.1.5 . tcp . 80 . 0", "10.0.0.1 . 31000",
                "11.0.1.5 . tcp . 80 . 1", "10.0.0.1 . 31001"),
            Map.of("11.0.1.5 . tcp . 80", "goto n2"),
            Set.of("198.51.100.7"),
            Set.of("eth0", "wlan0")),
        listing.elements());
    assertEquals(Set.of(2), listing.chains());
    assertEquals(
        Optional.of(new Owner.Mark(new Owner("0123456789abcdef", 42, 4711), 1, "new")),
        listing.mark());
  }

  @Test
  void theShapeIsAllButElementsOwnerAndTheNumberOfDrawingChains() {
    String shape = Listing.parse(TEXT).shape();
    assertEquals(shape, Listing.parse(TEXT.replace("31001", "31002")).shape());
    assertEquals(shape, Listing.parse(TEXT.replace("4711 new", "4711 " + shape)).shape());
    String another =
        TEXT.substring(TEXT.indexOf("\tchain n2"), TEXT.indexOf("\tchain output"))
            .replace("n2", "n17")
            .replace("mod 2", "mod 17");
    assertEquals(
        shape, Listing.parse(TEXT.replace("\tchain output", another + "\tchain output")).shape());
    assertNotEquals(shape, Listing.parse(TEXT.replace("jump dispatch", "accept")).shape());
    assertNotEquals(shape, Listing.parse(TEXT.replace("mod 2 map", "mod 3 map")).shape());
    assertNotEquals(shape, Listing.parse(TEXT.replace("chain output", "chain sideways")).shape());
  }

  @Test
  void aTableOfSomebodyElseHasNoOwner() {
    assertTrue(Listing.parse("table ip dromos {\n}\n").mark().isEmpty());
    assertTrue(
        Listing.parse(TEXT.replace("dromos 1 0123", "something else 0123")).mark().isEmpty());
    assertTrue(Listing.parse(TEXT.replace(" 42 ", " x ")).mark().isEmpty());
  }
}
