package io.dromos.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.platform.Settings.InvalidSettingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SettingTest {
  @Test
  void theDocumentationListsEverySettingWithItsDefaultAndMeaning() throws IOException {
    List<String> expected =
        Arrays.stream(Setting.values())
            .map(
                s ->
                    "| `%s` | %s | %s |"
                        .formatted(
                            s.key(),
                            s.defaultValue().isEmpty() ? "unset" : "`" + s.defaultValue() + "`",
                            s.meaning()))
            .toList();
    List<String> documented =
        Files.readAllLines(Path.of("src/site/markdown/configuration.md")).stream()
            .filter(line -> line.startsWith("| `dromos."))
            .toList();
    assertEquals(expected, documented);
  }

  @Test
  void anUnknownKeyIsRefusedWithTheNearestKnownName() {
    InvalidSettingException refused =
        assertThrows(
            InvalidSettingException.class,
            () -> Settings.refuseUnknown(Stream.of("dromos.api.prot")));
    assertTrue(refused.getMessage().contains("dromos.api.port"), refused.getMessage());
  }

  @Test
  void anEnvironmentSpellingOfAKnownKeyIsAccepted() {
    Settings.refuseUnknown(
        Stream.of("DROMOS_API_PORT", "dromos.drain.ack-timeout", "DROMOS_TEST_X", "HOME"));
  }

  @Test
  void theVariablesOfTheCommandLineAreNoSettingsButTheirMisspellingsAreRefused() {
    Settings.refuseUnknown(Stream.of("DROMOS_URL", "DROMOS_CREDENTIALS"));
    for (String wrong :
        List.of("DROMOS_URLS", "DROMOS_CREDENTIAL", "dromos.url", "dromos.credentials")) {
      assertThrows(
          InvalidSettingException.class, () -> Settings.refuseUnknown(Stream.of(wrong)), wrong);
    }
  }

  @Test
  void aNumberOutOfRangeNamesKeyValueAndRange() {
    Settings settings = Settings.of(Map.of("dromos.api.port", "70000"));
    InvalidSettingException refused =
        assertThrows(
            InvalidSettingException.class, () -> settings.integer(Setting.API_PORT, 0, 65535));
    assertEquals(
        "dromos.api.port=70000: give a whole number from 0 to 65535", refused.getMessage());
  }

  @Test
  void emptyTextCountsAsNotSet() {
    assertEquals("8080", Settings.of(Map.of("dromos.api.port", " ")).text(Setting.API_PORT));
  }
}
