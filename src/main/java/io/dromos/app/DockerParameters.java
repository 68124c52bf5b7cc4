package io.dromos.app;

import java.util.Set;

/**
 * The {@code container.docker.parameters} that mean something: long names of {@code docker run}
 * options. What each does is in {@code runtime.docker.RunOptions}; a test holds the two together.
 */
public final class DockerParameters {
  public static final Set<String> SUPPORTED =
      Set.of(
          "add-host",
          "cap-add",
          "cap-drop",
          "cgroup-parent",
          "cpu-period",
          "cpu-quota",
          "cpu-shares",
          "cpus",
          "cpuset-cpus",
          "cpuset-mems",
          "device",
          "dns",
          "dns-opt",
          "dns-option",
          "dns-search",
          "domainname",
          "entrypoint",
          "env",
          "group-add",
          "hostname",
          "init",
          "ipc",
          "label",
          "mac-address",
          "memory",
          "memory-reservation",
          "memory-swap",
          "memory-swappiness",
          "net",
          "network",
          "oom-kill-disable",
          "oom-score-adj",
          "pid",
          "pids-limit",
          "privileged",
          "read-only",
          "runtime",
          "security-opt",
          "shm-size",
          "stop-signal",
          "storage-opt",
          "sysctl",
          "tmpfs",
          "tty",
          "ulimit",
          "user",
          "userns",
          "uts",
          "volume",
          "volume-driver",
          "workdir");

  private DockerParameters() {}
}
