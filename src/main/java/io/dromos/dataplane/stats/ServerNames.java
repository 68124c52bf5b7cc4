package io.dromos.dataplane.stats;

import io.dromos.routing.Backend;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What marathon-lb calls the servers of a backend (marathon-lb reference, 6). */
public final class ServerNames {
  private ServerNames() {}

  /**
   * {@code 10_0_0_7_31000}. Dromos knows tasks by the address of their node, so name and address
   * are one.
   */
  public static String of(Backend backend) {
    return (backend.host() + "_" + backend.port()).replaceAll("[^A-Za-z0-9-]", "_");
  }

  /** Value of the sticky cookie: the beginning of the name's SHA-1. */
  public static String cookie(Backend backend) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1").digest(of(backend).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, 10);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }
}
