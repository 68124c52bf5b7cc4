package io.dromos.dataplane.l4;

import io.dromos.platform.Setting;
import io.dromos.platform.Settings;

/** Which plane is to carry the VIPs of this node, as the settings ask for it. */
public enum VipMode {
  /** State of the kernel, reachable from this node's processes and containers. */
  KERNEL,
  /** Netty listeners, reachable from this node's processes only. */
  USERSPACE,
  /** None: VIPs are reached through the HTTP proxy alone. */
  OFF;

  /**
   * Reads {@code dromos.vip.mode}. {@code auto} is userspace: the kernel's tables are changed for
   * those alone who ask for it (ADR 0024).
   *
   * @throws Settings.InvalidSettingException for any other word
   */
  public static VipMode of(Settings settings) {
    String mode = settings.text(Setting.VIP_MODE);
    return switch (mode) {
      case "auto", "userspace" -> USERSPACE;
      case "kernel" -> KERNEL;
      case "off" -> OFF;
      default ->
          throw new Settings.InvalidSettingException(
              Setting.VIP_MODE.key() + "=" + mode + ": give auto, kernel, userspace or off");
    };
  }
}
