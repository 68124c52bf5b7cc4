package io.dromos.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.platform.Setting;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UpFlagsTest {
  @Test
  void bothSpellingsOfAFlagBecomeTheSetting() throws StartRefusedException {
    assertEquals(
        Map.of("dromos.api.port", "8081", "dromos.drain.ack-timeout", "5"),
        UpFlags.parse(List.of("--api-port", "8081", "--drain-ack-timeout=5")));
  }

  @Test
  void everySettingHasAFlagThatTheHelpNames() {
    String help = UpFlags.help();
    Arrays.stream(Setting.values())
        .forEach(setting -> assertTrue(help.contains(UpFlags.flag(setting) + " "), help));
  }

  @Test
  void anUnknownFlagIsRefusedWithTheNearestOne() {
    StartRefusedException refused =
        assertThrows(StartRefusedException.class, () -> UpFlags.parse(List.of("--port", "1")));
    assertEquals(StartRefusedException.USAGE, refused.status());
    assertTrue(
        refused.getMessage().startsWith("unknown flag --port; did you mean --"),
        refused.getMessage());
  }

  @Test
  void aFlagWithoutItsValueSaysWhatTheValueIs() {
    StartRefusedException refused =
        assertThrows(StartRefusedException.class, () -> UpFlags.parse(List.of("--api-port")));
    assertTrue(refused.getMessage().contains("port of the REST API"), refused.getMessage());
  }
}
