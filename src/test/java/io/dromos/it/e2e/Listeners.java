package io.dromos.it.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Who listens where, read from /proc. */
public final class Listeners {
  private Listeners() {}

  /** The process that listens on a TCP port of this machine; reads the big tables only once. */
  public static long processListeningOn(int port) throws IOException {
    String inode = null;
    for (String table : List.of("tcp", "tcp6")) {
      for (String line : Files.readAllLines(Path.of("/proc/net/" + table))) {
        String[] field = line.strip().split("\\s+");
        if (field.length > 9 && field[3].equals("0A") && endpoint(field[1]).endsWith(":" + port)) {
          inode = field[9];
        }
      }
    }
    for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
      try {
        if (inode != null && sockets(process.pid()).contains(inode)) {
          return process.pid();
        }
      } catch (IOException e) {
        // Gone, or not ours to look at.
      }
    }
    throw new IOException("nobody listens on port " + port);
  }

  /** Listening TCP sockets of a process, as {@code address:port}, read from /proc. */
  public static List<String> of(long pid) throws IOException {
    Set<String> inodes = sockets(pid);
    List<String> found = new ArrayList<>();
    for (String table : List.of("tcp", "tcp6")) {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/net/" + table))) {
        String[] field = line.strip().split("\\s+");
        if (field.length > 9 && field[3].equals("0A") && inodes.contains(field[9])) {
          found.add(endpoint(field[1]));
        }
      }
    }
    return found;
  }

  private static Set<String> sockets(long pid) throws IOException {
    Set<String> inodes = new HashSet<>();
    try (Stream<Path> fds = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      for (Path fd : fds.toList()) {
        try {
          String target = Files.readSymbolicLink(fd).toString();
          if (target.startsWith("socket:[")) {
            inodes.add(target.substring(8, target.length() - 1));
          }
        } catch (IOException e) {
          // Closed while we looked.
        }
      }
    }
    return inodes;
  }

  private static String endpoint(String hex) {
    String address = hex.substring(0, hex.indexOf(':'));
    int port = Integer.parseInt(hex.substring(hex.indexOf(':') + 1), 16);
    String quad = address.substring(address.length() - 8);
    if (address.length() > 8 && !address.substring(0, 24).equals("0000000000000000FFFF0000")) {
      return "[" + address + "]:" + port;
    }
    return Integer.parseInt(quad.substring(6, 8), 16)
        + "."
        + Integer.parseInt(quad.substring(4, 6), 16)
        + "."
        + Integer.parseInt(quad.substring(2, 4), 16)
        + "."
        + Integer.parseInt(quad.substring(0, 2), 16)
        + ":"
        + port;
  }
}
