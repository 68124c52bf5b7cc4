package io.dromos.dataplane.http;

import io.dromos.dataplane.stats.ServerNames;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The cookie that binds a client to a backend: its value is the first ten hexadecimal digits of the
 * SHA-1 of the server's name, as in marathon-lb (reference, 6 and 10), so clients stay bound when
 * they move from there to here. The backend never sees it.
 */
final class Stickiness {
  private final String name;
  private final Map<String, Target> byValue = new HashMap<>();

  Stickiness(String name, List<Target> targets) {
    this.name = name;
    targets.forEach(target -> byValue.putIfAbsent(ServerNames.cookie(target.backend()), target));
  }

  /** The backend a request is bound to; null for none, or one that is gone. */
  @Nullable Target bound(Headers headers) {
    for (int i = 0; i < headers.size(); i++) {
      if (headers.name(i).equalsIgnoreCase("Cookie")) {
        for (String pair : headers.value(i).split(";")) {
          String cookie = pair.strip();
          if (isOurs(cookie)) {
            return byValue.get(cookie.substring(name.length() + 1));
          }
        }
      }
    }
    return null;
  }

  private boolean isOurs(String cookie) {
    return cookie.startsWith(name + "=");
  }

  /** The other cookies stay as they are. */
  Headers without(Headers headers) {
    Headers rest = new Headers();
    for (int i = 0; i < headers.size(); i++) {
      String value = headers.value(i);
      if (headers.name(i).equalsIgnoreCase("Cookie") && value.contains(name + "=")) {
        StringBuilder kept = new StringBuilder();
        for (String pair : value.split(";")) {
          if (!isOurs(pair.strip())) {
            kept.append(kept.isEmpty() ? "" : "; ").append(pair.strip());
          }
        }
        value = kept.toString();
        if (value.isEmpty()) {
          continue;
        }
      }
      rest.add(headers.name(i), value);
    }
    return rest;
  }

  /** Binds whoever gets the answer, which no cache may keep for others. */
  void bind(Headers answer, Target served) {
    answer.add("Set-Cookie", name + "=" + ServerNames.cookie(served.backend()) + "; path=/");
    if (!answer.has("Cache-Control")) {
      answer.add("Cache-Control", "private");
    }
  }
}
