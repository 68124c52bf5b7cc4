package io.dromos.dataplane.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EdgeAddressesTest {
  @ParameterizedTest
  @CsvSource({
    "127.128.0.1, 127.128.0.0/9, true",
    "127.255.255.255, 127.128.0.0/9, true",
    "127.0.0.1, 127.128.0.0/9, false",
    "::1, 127.128.0.0/9, false",
    "10.0.0.1, nonsense, false",
  })
  void knowsWhatBelongsToVips(String address, String pool, boolean inside)
      throws UnknownHostException {
    assertEquals(inside, EdgeAddresses.inPool(InetAddress.getByName(address), pool));
  }

  @Test
  void aWildcardMeansEveryAddressOfTheMachine() throws UnknownHostException {
    List<InetAddress> addresses = EdgeAddresses.of("0.0.0.0", "127.128.0.0/9");
    assertTrue(addresses.contains(InetAddress.getByName("127.0.0.1")), addresses::toString);
    assertFalse(addresses.stream().anyMatch(InetAddress::isAnyLocalAddress));
    assertFalse(
        EdgeAddresses.of("0.0.0.0", "127.0.0.0/8").contains(InetAddress.getByName("127.0.0.1")));
  }
}
