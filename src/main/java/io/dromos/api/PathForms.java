package io.dromos.api;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Paths as clients write them: ids that bring their own slash make {@code /v2/apps//sise}, a base
 * URL that ends in one makes {@code //v2/apps}, and DC/OS reaches Marathon below {@code
 * /service/marathon} or {@code /marathon} (its Admin Router).
 */
final class PathForms {
  private static final Pattern SLASHES = Pattern.compile("/{2,}");
  private static final List<String> PREFIXES = List.of("/service/marathon", "/marathon");

  private PathForms() {}

  /**
   * The path that the resources know.
   *
   * @param uri raw request path; escapes stay as they are
   * @return an equal text when there is nothing to change
   */
  static String canonical(String uri) {
    String path = SLASHES.matcher(uri).replaceAll("/");
    for (String prefix : PREFIXES) {
      if (path.equals(prefix)) {
        return "/";
      }
      if (path.startsWith(prefix + "/")) {
        return path.substring(prefix.length());
      }
    }
    return path;
  }
}
