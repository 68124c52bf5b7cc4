package io.dromos.dataplane.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who looks after the table. It is written into the table itself, since the table outlives its
 * owner.
 *
 * @param node stands for the data directory: the same one is the same node
 * @param pid process
 * @param since when that process began, in the kernel's ticks; tells it from a later one with the
 *     same number
 */
record Owner(String node, long pid, long since) {
  /** This process on behalf of the node with this data directory. */
  static Owner self(Path dataDir) {
    return of(ProcessHandle.current().pid(), dataDir.toString());
  }

  static Owner of(long pid, String dataDir) {
    return new Owner(digest(dataDir), pid, began(pid));
  }

  /** A short text that stands for a long one. */
  static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** When a process began; 0 when there is none. */
  private static long began(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.UTF_8);
      // The second field is the program's name in parentheses, with any character inside.
      return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19]);
    } catch (IOException | RuntimeException e) {
      return 0;
    }
  }

  boolean isAlive() {
    return since != 0 && began(pid) == since;
  }

  boolean isSameNode(Owner other) {
    return node.equals(other.node);
  }

  /** Whether the two are one process. */
  boolean isSameProcess(Owner other) {
    return pid == other.pid && since == other.since;
  }

  /**
   * What the table says.
   *
   * @param shape digest of the chains as the owner found them after it made them
   */
  String mark(String shape) {
    return "dromos " + Ruleset.LAYOUT + ' ' + node + ' ' + pid + ' ' + since + ' ' + shape;
  }

  /** An owner and the shape that it left behind. */
  record Mark(Owner owner, int layout, String shape) {
    static Optional<Mark> parse(@Nullable String text) {
      if (text == null) {
        return Optional.empty();
      }
      String[] words = text.split(" ");
      try {
        return words.length == 6 && words[0].equals("dromos")
            ? Optional.of(
                new Mark(
                    new Owner(words[2], Long.parseLong(words[3]), Long.parseLong(words[4])),
                    Integer.parseInt(words[1]),
                    words[5]))
            : Optional.empty();
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
    }
  }
}
