package io.dromos.dataplane.l4;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.platform.Settings;
import io.dromos.platform.Settings.InvalidSettingException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VipModeTest {
  private static VipMode of(String mode) {
    return VipMode.of(Settings.of(Map.of("dromos.vip.mode", mode)));
  }

  @Test
  void onlyTheWordKernelAsksForTheKernel() {
    assertEquals(VipMode.USERSPACE, VipMode.of(Settings.of(Map.of())));
    assertEquals(VipMode.USERSPACE, of("auto"));
    assertEquals(VipMode.USERSPACE, of("userspace"));
    assertEquals(VipMode.KERNEL, of("kernel"));
    assertEquals(VipMode.OFF, of("off"));
  }

  @Test
  void anotherWordIsRefusedWithThoseThatThereAre() {
    InvalidSettingException refused = assertThrows(InvalidSettingException.class, () -> of("ipvs"));
    assertTrue(
        refused.getMessage().contains("dromos.vip.mode=ipvs: give auto, kernel, userspace or off"),
        refused.getMessage());
  }
}
