package io.dromos.app;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Absolute path of an app or group in the tree, such as {@code /prod/web}. The root group is {@code
 * /}. Always starts with a slash and never ends with one (Marathon 1.11: {@code PathId}).
 */
public record AppId(String path) implements Comparable<AppId> {
  /** The pattern of Marathon's validation message; {@link #hasValidSegments} applies it. */
  public static final String SEGMENT_PATTERN =
      "^(([a-z0-9]|[a-z0-9][a-z0-9\\-]*[a-z0-9])\\.)*([a-z0-9]|[a-z0-9][a-z0-9\\-]*[a-z0-9])|(\\.|\\.\\.)$";

  private static final Pattern SEGMENT =
      Pattern.compile(
          "(([a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])\\.)*([a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])");

  public static final AppId ROOT = new AppId("/");

  public AppId {
    if (!path.startsWith("/") || (path.length() > 1 && path.endsWith("/"))) {
      throw new IllegalArgumentException("not a canonical path: " + path);
    }
  }

  /** Canonical form of whatever a client sent: slashes trimmed and collapsed, dots resolved. */
  public static AppId of(String text) {
    return of(text, ROOT);
  }

  /** As {@link #of(String)}; text without a leading slash is relative to {@code base}. */
  public static AppId of(String text, AppId base) {
    Deque<String> kept = new ArrayDeque<>();
    if (!text.startsWith("/")) {
      base.segments().forEach(kept::addLast);
    }
    for (String segment : text.split("/")) {
      if (segment.equals("..")) {
        kept.pollLast();
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        kept.addLast(segment);
      }
    }
    return new AppId("/" + String.join("/", kept));
  }

  public List<String> segments() {
    return isRoot() ? List.of() : List.of(path.substring(1).split("/"));
  }

  public boolean isRoot() {
    return path.equals("/");
  }

  public boolean hasValidSegments() {
    return segments().stream().allMatch(s -> SEGMENT.matcher(s).matches());
  }

  /** Last segment; empty for the root. */
  public String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** The group this lies in; the root is its own parent. */
  public AppId parent() {
    int slash = path.lastIndexOf('/');
    return slash <= 0 ? ROOT : new AppId(path.substring(0, slash));
  }

  public boolean isBelow(AppId group) {
    return group.isRoot() ? !isRoot() : path.startsWith(group.path + "/");
  }

  /** {@code /prod/web} as {@code prod_web}: the form in task ids and text listings. */
  public String safe() {
    return path.substring(1).replace('/', '_');
  }

  /** {@code /prod/web} as {@code web.prod}: the Mesos task name. */
  public String hostname() {
    List<String> reversed = new ArrayList<>(segments());
    Collections.reverse(reversed);
    return String.join(".", reversed);
  }

  @Override
  public int compareTo(AppId other) {
    return path.compareTo(other.path);
  }

  @Override
  public String toString() {
    return path;
  }
}
