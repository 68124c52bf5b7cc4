package io.dromos.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * The data planes against HAProxy, nginx, Knot DNS and dnsmasq: same backend, same load, in turn,
 * in one run. Everything runs in a fresh network namespace, since one stray NAT rule of the machine
 * would tax every number, and in a process namespace, which leaves nothing behind.
 *
 * <p>Needs root (or the right to make namespaces), {@code haproxy}, {@code nginx}, {@code knotd},
 * {@code dnsmasq}, {@code wrk} and {@code dnsperf}. Choose by system properties: {@code
 * dromos.bench.parts} (the names in {@link TrafficRun#PARTS}), {@code dromos.bench.only} (names of
 * servers, or how they begin, by semicolons), {@code dromos.bench.rounds}, {@code
 * dromos.bench.seconds} and {@code dromos.bench.warmup}.
 */
class TrafficBench {
  private static final List<String> IN_NAMESPACES =
      List.of(
          "unshare",
          "--net",
          "--pid",
          "--fork",
          "--kill-child",
          "--mount-proc",
          "sh",
          "-c",
          "ip link set lo up; ulimit -n 20000;"
              + " echo 1024 65000 > /proc/sys/net/ipv4/ip_local_port_range;"
              + " exec \"$@\"",
          "bench");

  @Test
  void measure() throws Exception {
    Assumptions.assumeTrue(
        TrafficRun.chosen().stream().anyMatch(TrafficRun.PARTS::contains),
        "none of these parts was asked for");
    boolean apart = mayUnshare();
    List<String> command = new ArrayList<>(apart ? IN_NAMESPACES : List.of());
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    System.getProperties().stringPropertyNames().stream()
        .filter(name -> name.startsWith("dromos."))
        .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            TrafficRun.class.getName(),
            Path.of("target", "bench", "traffic-" + ProcessHandle.current().pid())
                .toAbsolutePath()
                .toString(),
            apart
                ? "in a network namespace of its own"
                : "in the machine's own network namespace, since this user may not make one"));
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
  }

  private static boolean mayUnshare() throws InterruptedException {
    try {
      return new ProcessBuilder("unshare", "--net", "--pid", "--fork", "--mount-proc", "true")
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // There is no such program.
    }
  }
}
