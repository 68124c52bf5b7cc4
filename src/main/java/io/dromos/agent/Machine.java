package io.dromos.agent;

import com.sun.management.OperatingSystemMXBean;
import io.dromos.app.Resources;
import io.dromos.placement.Agent.PortRange;
import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import io.dromos.platform.Settings.InvalidSettingException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What this machine offers, from the settings or from the machine itself. */
record Machine(Resources total, List<PortRange> ports, Map<String, String> attributes) {
  private static final long MIB = 1024L * 1024;
  private static final long LEFT_FOR_THE_SYSTEM = 1024;

  /** Read once at start: free disk space would otherwise change with every log line. */
  static Machine read(Settings settings, Path dataDir) {
    Resources total =
        new Resources(
            number(settings, Setting.NODE_CPUS)
                .orElseGet(() -> (double) Runtime.getRuntime().availableProcessors()),
            number(settings, Setting.NODE_MEM).orElseGet(() -> (double) memory()),
            number(settings, Setting.NODE_DISK).orElseGet(() -> (double) disk(dataDir)),
            0);
    return new Machine(total, ports(settings), attributes(settings, Setting.NODE_ATTRIBUTES));
  }

  /** A setting that is a number of resources, if somebody set it. */
  static Optional<Double> number(Settings settings, Setting setting) {
    Optional<String> text = settings.explicit(setting);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      double value = Double.parseDouble(text.get());
      if (value >= 0 && value < 1e12) {
        return Optional.of(value);
      }
    } catch (NumberFormatException e) {
      // Reported below, together with numbers out of range.
    }
    throw new InvalidSettingException(
        setting.key() + "=" + text.get() + ": give a number, such as 4 or 2048");
  }

  private static long memory() {
    long mib =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize() / MIB;
    // As Mesos does: all but 1 GiB, or half of a small machine.
    return mib > 2 * LEFT_FOR_THE_SYSTEM ? mib - LEFT_FOR_THE_SYSTEM : mib / 2;
  }

  private static long disk(Path dataDir) {
    Path existing = dataDir.toAbsolutePath();
    while (!Files.exists(existing)) {
      Path parent = existing.getParent();
      if (parent == null) {
        return 0;
      }
      existing = parent;
    }
    try {
      return Files.getFileStore(existing).getUsableSpace() / MIB;
    } catch (IOException e) {
      return 0;
    }
  }

  static List<PortRange> ports(Settings settings) {
    List<PortRange> ranges = new ArrayList<>();
    for (String text : settings.list(Setting.NODE_PORTS)) {
      try {
        ranges.add(PortRange.parse(text));
      } catch (IllegalArgumentException e) {
        throw new InvalidSettingException(
            Setting.NODE_PORTS.key()
                + "="
                + settings.text(Setting.NODE_PORTS)
                + ": give ranges of ports such as 31000-32000,8000");
      }
    }
    return List.copyOf(ranges);
  }

  /**
   * Name and value pairs of a setting.
   *
   * @throws InvalidSettingException naming it, for what is none
   */
  static Map<String, String> attributes(Settings settings, Setting setting) {
    Map<String, String> attributes = new TreeMap<>();
    for (String text : settings.list(setting)) {
      int colon = text.indexOf(':');
      if (colon < 1) {
        throw new InvalidSettingException(
            setting.key()
                + "="
                + settings.text(setting)
                + ": give name:value pairs such as rack:a,disk:ssd");
      }
      attributes.put(text.substring(0, colon).strip(), text.substring(colon + 1).strip());
    }
    return Map.copyOf(attributes);
  }
}
