package io.dromos.runtime.docker;

import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Device;
import com.github.dockerjava.api.model.Ulimit;
import io.dromos.app.Container;
import io.dromos.runtime.LaunchException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The {@code parameters} of a definition: options of {@code docker run}, by their long names. Each
 * is a row here; one that isn't is refused by name, for what it asks for would silently be missing.
 */
final class RunOptions {
  private static final Map<String, BiConsumer<ContainerPlan, String>> OPTIONS = new HashMap<>();

  static {
    OPTIONS.put("add-host", (p, v) -> p.host.withExtraHosts(more(p.host.getExtraHosts(), v)));
    OPTIONS.put("cap-add", (p, v) -> p.host.withCapAdd(more(p.host.getCapAdd(), v)));
    OPTIONS.put("cap-drop", (p, v) -> p.host.withCapDrop(more(p.host.getCapDrop(), v)));
    OPTIONS.put("cgroup-parent", (p, v) -> p.host.withCgroupParent(v));
    OPTIONS.put("cpu-period", (p, v) -> p.host.withCpuPeriod(Long.valueOf(v)));
    OPTIONS.put("cpu-quota", (p, v) -> p.host.withCpuQuota(Long.valueOf(v)));
    OPTIONS.put("cpu-shares", (p, v) -> p.host.withCpuShares(Integer.valueOf(v)));
    OPTIONS.put("cpus", (p, v) -> p.host.withNanoCPUs((long) (Double.parseDouble(v) * 1e9)));
    OPTIONS.put("cpuset-cpus", (p, v) -> p.host.withCpusetCpus(v));
    OPTIONS.put("cpuset-mems", (p, v) -> p.host.withCpusetMems(v));
    OPTIONS.put("device", RunOptions::device);
    OPTIONS.put("dns", (p, v) -> p.host.withDns(more(p.host.getDns(), v)));
    OPTIONS.put("dns-opt", (p, v) -> p.host.withDnsOptions(join(p.host.getDnsOptions(), v)));
    OPTIONS.put("dns-option", OPTIONS.get("dns-opt"));
    OPTIONS.put("dns-search", (p, v) -> p.host.withDnsSearch(more(p.host.getDnsSearch(), v)));
    OPTIONS.put("domainname", (p, v) -> p.domainName = v);
    OPTIONS.put("entrypoint", (p, v) -> p.entrypoint = List.of(v));
    OPTIONS.put("env", (p, v) -> pair(p.env, v));
    OPTIONS.put("group-add", (p, v) -> p.host.withGroupAdd(join(p.host.getGroupAdd(), v)));
    OPTIONS.put("hostname", (p, v) -> p.hostname = v);
    OPTIONS.put("init", (p, v) -> p.host.withInit(flag(v)));
    OPTIONS.put("ipc", (p, v) -> p.host.withIpcMode(v));
    OPTIONS.put("label", (p, v) -> pair(p.labels, v));
    OPTIONS.put("mac-address", (p, v) -> p.macAddress = v);
    OPTIONS.put("memory", (p, v) -> p.host.withMemory(bytes(v)));
    OPTIONS.put("memory-reservation", (p, v) -> p.host.withMemoryReservation(bytes(v)));
    OPTIONS.put("memory-swap", (p, v) -> p.host.withMemorySwap(bytes(v)));
    OPTIONS.put("memory-swappiness", (p, v) -> p.host.withMemorySwappiness(Long.valueOf(v)));
    OPTIONS.put("net", (p, v) -> p.host.withNetworkMode(v));
    OPTIONS.put("network", OPTIONS.get("net"));
    OPTIONS.put("oom-kill-disable", (p, v) -> p.host.withOomKillDisable(flag(v)));
    OPTIONS.put("oom-score-adj", (p, v) -> p.host.withOomScoreAdj(Integer.valueOf(v)));
    OPTIONS.put("pid", (p, v) -> p.host.withPidMode(v));
    OPTIONS.put("pids-limit", (p, v) -> p.host.withPidsLimit(Long.valueOf(v)));
    OPTIONS.put("privileged", (p, v) -> p.host.withPrivileged(flag(v)));
    OPTIONS.put("read-only", (p, v) -> p.host.withReadonlyRootfs(flag(v)));
    OPTIONS.put("runtime", (p, v) -> p.host.withRuntime(v));
    OPTIONS.put(
        "security-opt", (p, v) -> p.host.withSecurityOpts(join(p.host.getSecurityOpts(), v)));
    OPTIONS.put("shm-size", (p, v) -> p.host.withShmSize(bytes(v)));
    OPTIONS.put("stop-signal", (p, v) -> p.stopSignal = v);
    OPTIONS.put("storage-opt", (p, v) -> p.host.withStorageOpt(put(p.host.getStorageOpt(), v)));
    OPTIONS.put("sysctl", (p, v) -> p.host.withSysctls(put(p.host.getSysctls(), v)));
    OPTIONS.put("tmpfs", RunOptions::tmpfs);
    OPTIONS.put("tty", (p, v) -> p.tty = flag(v));
    OPTIONS.put("ulimit", RunOptions::ulimit);
    OPTIONS.put("user", (p, v) -> p.user = v);
    OPTIONS.put("userns", (p, v) -> p.host.withUsernsMode(v));
    OPTIONS.put("uts", (p, v) -> p.host.withUtSMode(v));
    OPTIONS.put("volume", (p, v) -> p.binds.add(Bind.parse(v)));
    OPTIONS.put("volume-driver", (p, v) -> p.host.withVolumeDriver(v));
    OPTIONS.put("workdir", (p, v) -> p.workingDir = v);
  }

  private RunOptions() {}

  static Set<String> names() {
    return Set.copyOf(OPTIONS.keySet());
  }

  static void apply(List<Container.Parameter> parameters, ContainerPlan plan)
      throws LaunchException {
    for (Container.Parameter parameter : parameters) {
      BiConsumer<ContainerPlan, String> option = OPTIONS.get(parameter.key());
      if (option == null) {
        throw new LaunchException(
            true,
            "docker parameter '"
                + parameter.key()
                + "' is not supported; supported are "
                + String.join(", ", new TreeSet<>(OPTIONS.keySet())));
      }
      try {
        option.accept(plan, parameter.value());
      } catch (RuntimeException e) {
        throw new LaunchException(
            true,
            "docker parameter '"
                + parameter.key()
                + "' cannot be '"
                + parameter.value()
                + "'"
                + (e.getMessage() == null ? "" : ": " + e.getMessage()));
      }
    }
  }

  private static void device(ContainerPlan plan, String value) {
    plan.host.withDevices(join(asList(plan.host.getDevices()), Device.parse(value)));
  }

  private static void ulimit(ContainerPlan plan, String value) {
    String[] parts = value.split("[=:]");
    long soft = Long.parseLong(parts[1]);
    long hard = parts.length > 2 ? Long.parseLong(parts[2]) : soft;
    plan.host.withUlimits(join(asList(plan.host.getUlimits()), new Ulimit(parts[0], soft, hard)));
  }

  private static void tmpfs(ContainerPlan plan, String value) {
    int colon = value.indexOf(':');
    Map<String, String> mounts = copy(plan.host.getTmpFs());
    mounts.put(
        colon < 0 ? value : value.substring(0, colon), colon < 0 ? "" : value.substring(colon + 1));
    plan.host.withTmpFs(mounts);
  }

  private static void pair(Map<String, String> target, String value) {
    int equals = value.indexOf('=');
    target.put(
        equals < 0 ? value : value.substring(0, equals),
        equals < 0 ? "" : value.substring(equals + 1));
  }

  private static Map<String, String> put(@Nullable Map<String, String> before, String value) {
    Map<String, String> all = copy(before);
    pair(all, value);
    return all;
  }

  private static Map<String, String> copy(@Nullable Map<String, String> before) {
    return before == null ? new LinkedHashMap<>() : new LinkedHashMap<>(before);
  }

  private static String[] more(String @Nullable [] before, String value) {
    return join(asList(before), value).toArray(String[]::new);
  }

  private static Capability[] more(Capability @Nullable [] before, String value) {
    String name = value.toUpperCase(Locale.ROOT);
    Capability added = Capability.valueOf(name.startsWith("CAP_") ? name.substring(4) : name);
    return join(asList(before), added).toArray(Capability[]::new);
  }

  private static <T> List<T> join(@Nullable List<T> before, T added) {
    return before == null
        ? List.of(added)
        : Stream.concat(before.stream(), Stream.of(added)).toList();
  }

  private static <T> @Nullable List<T> asList(T @Nullable [] array) {
    return array == null ? null : Arrays.asList(array);
  }

  private static boolean flag(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "", "true", "1" -> true;
      case "false", "0" -> false;
      default -> throw new IllegalArgumentException("give true or false");
    };
  }

  /** Bytes, or a number with one of the suffixes b, k, m, g. */
  private static long bytes(String value) {
    String text = value.toLowerCase(Locale.ROOT).strip();
    int shift =
        switch (text.isEmpty() ? ' ' : text.charAt(text.length() - 1)) {
          case 'k' -> 10;
          case 'm' -> 20;
          case 'g' -> 30;
          case 'b' -> 0;
          default -> -1;
        };
    return shift < 0
        ? Long.parseLong(text)
        : Long.parseLong(text.substring(0, text.length() - 1)) << shift;
  }
}
