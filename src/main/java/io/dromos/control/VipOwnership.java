package io.dromos.control;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.AppTree;
import io.dromos.app.Violation;
import io.dromos.app.VipClaim;
import io.dromos.app.VipSharing;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * To whom a VIP name or address belongs: to the group of the app that claimed it first, for as long
 * as an app of the tree claims it. Apps of that group share it; apps of other groups need the
 * consent of one that has it ({@link VipSharing}). Claims that stand already are never taken back.
 */
final class VipOwnership {
  private final AppTree before;
  private final Map<String, Set<AppId>> claimants = new HashMap<>();
  private final AppTree after;

  VipOwnership(AppTree before, AppTree after) {
    this.before = before;
    this.after = after;
    for (AppSpec app : after.apps().values()) {
      names(app).forEach(n -> claimants.computeIfAbsent(n, k -> new TreeSet<>()).add(app.id()));
    }
  }

  /**
   * What the new claims of these definitions break; of two new ones the smaller app id was first.
   */
  List<Violation> violations(Collection<AppSpec> changed) {
    List<Violation> violations = new ArrayList<>();
    for (AppSpec app : changed) {
      Set<String> own = standing(app.id());
      Set<String> judged = new HashSet<>(own);
      for (VipClaim claim : VipClaim.of(app)) {
        String name = claim.label().name();
        if (judged.add(name)) {
          List<AppSpec> owners = owners(name, app.id());
          if (!owners.isEmpty()
              && owners.stream().noneMatch(owner -> VipSharing.allows(owner, app.id()))) {
            violations.add(new Violation(claim.path(), sentence(name, app.id(), owners.get(0))));
          }
        }
      }
    }
    return violations;
  }

  private static String sentence(String name, AppId app, AppSpec owner) {
    return "VIP "
        + name
        + " belongs to "
        + owner.id()
        + " of another group; give "
        + owner.id()
        + " the label "
        + VipSharing.KEY
        + "="
        + app.parent()
        + " to share it, or choose another name";
  }

  /** Who claimed the name before {@code app} does. */
  private List<AppSpec> owners(String name, AppId app) {
    List<AppSpec> owners = new ArrayList<>();
    for (AppId other : claimants.getOrDefault(name, Set.of())) {
      boolean first = standing(other).contains(name) || other.compareTo(app) < 0;
      if (!other.equals(app) && first) {
        after.app(other).ifPresent(owners::add);
      }
    }
    return owners;
  }

  private Set<String> standing(AppId app) {
    return before.app(app).map(VipOwnership::names).orElse(Set.of());
  }

  private static Set<String> names(AppSpec app) {
    Set<String> names = new HashSet<>();
    VipClaim.of(app).forEach(claim -> names.add(claim.label().name()));
    return names;
  }
}
