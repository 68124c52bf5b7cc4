package io.dromos.dataplane.l4;

import io.dromos.platform.Setting;
import io.dromos.platform.Settings;

/** Which plane carries the VIPs of this node. The one place that decides it. */
public enum VipMode {
  /** Netty listeners, reachable from this node only. */
  USERSPACE,
  /** None: VIPs are reached through the HTTP proxy alone. */
  OFF;

  /**
   * Reads {@code dromos.vip.mode}; {@code auto} takes the best plane there is.
   *
   * @throws Settings.InvalidSettingException for any other word
   */
  public static VipMode of(Settings settings) {
    String mode = settings.text(Setting.VIP_MODE);
    return switch (mode) {
      case "auto", "userspace" -> USERSPACE;
      case "off" -> OFF;
      default ->
          throw new Settings.InvalidSettingException(
              Setting.VIP_MODE.key() + "=" + mode + ": give auto, userspace or off");
    };
  }
}
