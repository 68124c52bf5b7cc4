package io.dromos.app;

import java.util.ArrayList;
import java.util.List;

/**
 * The label by which an app lets apps of other groups stand behind its VIPs. Without it a VIP name
 * belongs to the group of the app that claimed it first; in DC/OS any app could join, or shadow,
 * any VIP (service-discovery reference, 1.5 and 8.3).
 */
public final class VipSharing {
  /** Groups, comma separated, each with those below it: {@code /shop,/tools}; {@code *} for all. */
  public static final String KEY = "DROMOS_VIP_SHARED_WITH";

  private VipSharing() {}

  /** Whether {@code app} may stand behind a VIP that {@code owner} has claimed already. */
  public static boolean allows(AppSpec owner, AppId app) {
    if (owner.id().parent().equals(app.parent())) {
      return true;
    }
    for (String group : groups(owner)) {
      if (group.equals("*") || (isGroup(group) && app.isBelow(new AppId(group)))) {
        return true;
      }
    }
    return false;
  }

  /** What cannot be read in the label, as violations of the definition. */
  static List<Violation> problems(AppSpec app) {
    List<Violation> problems = new ArrayList<>();
    for (String group : groups(app)) {
      if (!group.equals("*") && !isGroup(group)) {
        problems.add(
            new Violation(
                "/labels/" + KEY,
                "'" + group + "' is no group; give absolute paths such as /shop,/tools, or *"));
      }
    }
    return problems;
  }

  private static boolean isGroup(String text) {
    return text.equals("/")
        || (text.startsWith("/") && !text.endsWith("/") && new AppId(text).hasValidSegments());
  }

  private static List<String> groups(AppSpec app) {
    List<String> groups = new ArrayList<>();
    for (String part : app.labels().getOrDefault(KEY, "").split(",")) {
      if (!part.isBlank()) {
        groups.add(part.strip());
      }
    }
    return groups;
  }
}
