package io.dromos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeInfosTest {
  private static final Settings UNSET = Settings.of(Map.of());
  private static final Settings INSECURE = Settings.of(Map.of(Setting.API_INSECURE.key(), "true"));

  @Test
  void theServersPortIsTakenUnlessOneIsSet() {
    assertEquals(18080, NodeInfos.apiPort(UNSET, listening("0.0.0.0", "18080")));
    Settings behindProxy = Settings.of(Map.of(Setting.API_PORT.key(), "443"));
    assertEquals(443, NodeInfos.apiPort(behindProxy, listening("0.0.0.0", "18080")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "${HTTP_LISTENER_PORT}"})
  void aServerThatTellsNoPortLeavesTheDefault(String told) {
    assertEquals(8080, NodeInfos.apiPort(UNSET, listening("0.0.0.0", told)));
    assertEquals(8080, NodeInfos.apiPort(UNSET, key -> Optional.empty()));
  }

  @Test
  void aClosedDoorLeavesLoopbackWhateverTheServerListensOn() {
    assertEquals(
        "127.0.0.1", NodeInfos.apiAddress(UNSET, listening("0.0.0.0", "18080"), "10.0.0.5"));
  }

  @Test
  void anOpenDoorIsReachedWhereTheServerListens() {
    assertEquals(
        "10.0.0.5", NodeInfos.apiAddress(INSECURE, listening("0.0.0.0", "18080"), "10.0.0.5"));
    assertEquals(
        "10.0.0.9", NodeInfos.apiAddress(INSECURE, listening("10.0.0.9", "18080"), "10.0.0.5"));
    assertEquals("127.0.0.1", NodeInfos.apiAddress(INSECURE, key -> Optional.empty(), "10.0.0.5"));
  }

  @Test
  void theSettingNamesTheAddressFirst() {
    Settings settings = Settings.of(Map.of(Setting.API_ADDRESS.key(), "0.0.0.0"));
    assertEquals("10.0.0.5", NodeInfos.apiAddress(settings, key -> Optional.empty(), "10.0.0.5"));
  }

  private static Function<String, Optional<String>> listening(String address, String port) {
    Map<String, String> told =
        Map.of("payara.instance.http.address", address, "payara.instance.http.port", port);
    return key -> Optional.ofNullable(told.get(key)).filter(text -> !text.isEmpty());
  }
}
