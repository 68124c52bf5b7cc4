package io.dromos.dataplane.http;

import io.dromos.routing.Balance;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * What one request or connection brings to the choice of its backend.
 *
 * @param kind the rule
 * @param hash of what the rule looks at
 * @param bound the backend that a cookie binds the client to, if it is still there
 */
record Choice(Balance.Kind kind, int hash, @Nullable Target bound) {
  /** Nothing: the least busy in turn. */
  static final Choice NONE = new Choice(Balance.Kind.LEAST_BUSY, 0, null);

  /** Of a connection whose content is nobody's business. */
  static Choice of(Balance balance, String peer) {
    return switch (balance.kind()) {
      case LEAST_BUSY -> NONE;
      case SOURCE -> new Choice(balance.kind(), hash(peer), null);
      case URI, PARAMETER, HEADER -> new Choice(Balance.Kind.ROUND_ROBIN, 0, null);
      case RANDOM -> new Choice(balance.kind(), ThreadLocalRandom.current().nextInt(), null);
      default -> new Choice(balance.kind(), 0, null);
    };
  }

  /** Of a request. What it doesn't carry cannot decide: then backends take turns, as in HAProxy. */
  static Choice of(Balance balance, String peer, RequestHead head, @Nullable Target bound) {
    String looked =
        switch (balance.kind()) {
          case URI -> head.path();
          case PARAMETER -> parameter(head.target(), balance.parameter());
          case HEADER -> header(head.headers(), balance.parameter());
          default -> null;
        };
    Choice choice =
        looked == null ? of(balance, peer) : new Choice(balance.kind(), hash(looked), null);
    return bound == null ? choice : new Choice(choice.kind(), choice.hash(), bound);
  }

  private static @Nullable String header(Headers headers, @Nullable String name) {
    return name == null ? null : headers.first(name);
  }

  private static @Nullable String parameter(String target, @Nullable String name) {
    int at = target.indexOf('?');
    if (name == null || at < 0) {
      return null;
    }
    for (String pair : target.substring(at + 1).split("&")) {
      if (pair.startsWith(name + "=")) {
        return pair.substring(name.length() + 1);
      }
    }
    return null;
  }

  private static int hash(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return (int) crc.getValue();
  }

  /** Weight of a backend for this hash: the largest wins, so one that leaves moves only its own. */
  int weightOf(Target target) {
    int mixed = hash ^ target.backend().endpoint().hashCode();
    mixed = (mixed ^ (mixed >>> 16)) * 0x85ebca6b;
    mixed = (mixed ^ (mixed >>> 13)) * 0xc2b2ae35;
    return mixed ^ (mixed >>> 16);
  }
}
