package io.dromos.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.platform.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StartChecksTest {
  @Test
  void aPublicAddressNeedsCredentialsOrAnExplicitWord() throws StartRefusedException {
    StartRefusedException refused =
        assertThrows(
            StartRefusedException.class,
            () -> StartChecks.apiAddress(Settings.of(Map.of("dromos.api.address", "0.0.0.0"))));
    assertTrue(refused.getMessage().contains("dromos.api.credentials"), refused.getMessage());
    StartChecks.apiAddress(
        Settings.of(Map.of("dromos.api.address", "0.0.0.0", "dromos.api.insecure", "true")));
    StartChecks.apiAddress(
        Settings.of(Map.of("dromos.api.address", "0.0.0.0", "dromos.api.credentials", "a:b")));
  }

  @Test
  void aTakenPortIsNamedWithTheFlagThatHelps() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket taken = new ServerSocket(0, 1, loopback)) {
      StartRefusedException refused =
          assertThrows(
              StartRefusedException.class,
              () ->
                  StartChecks.apiPort(
                      Settings.of(Map.of("dromos.api.port", "" + taken.getLocalPort())), loopback));
      assertEquals(StartRefusedException.ENVIRONMENT, refused.status());
      assertTrue(refused.getMessage().contains(":" + taken.getLocalPort()), refused.getMessage());
      assertTrue(refused.getMessage().contains("--api-port"), refused.getMessage());
    }
  }

  @Test
  void anUnknownRoleIsRefusedWithTheKnownOnes() {
    StartRefusedException refused =
        assertThrows(
            StartRefusedException.class,
            () -> StartChecks.values(Settings.of(Map.of("dromos.node.roles", "master,slave"))));
    assertTrue(refused.getMessage().contains("agent"), refused.getMessage());
  }
}
