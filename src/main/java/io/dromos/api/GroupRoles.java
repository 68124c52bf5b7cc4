package io.dromos.api;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.AppTree;
import io.dromos.app.GroupSpec;
import io.dromos.app.Violation;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The role that a top-level group with {@code enforceRole} demands of the apps below it: its own
 * name. An app that has another one already may keep it (Marathon 1.11: {@code RoleSettings}).
 *
 * @param groups the groups as they will stand
 */
record GroupRoles(Function<AppId, Optional<GroupSpec>> groups) {
  static GroupRoles of(AppTree tree) {
    return new GroupRoles(tree::group);
  }

  /**
   * Fills in the role that was not given, and refuses a wrong one.
   *
   * @param body what was sent
   * @param before the stored definition of the same app
   */
  Normalized impose(Normalized normalized, AppJson body, Optional<AppSpec> before) {
    if (!(normalized instanceof Normalized.Complete complete)) {
      return normalized;
    }
    AppSpec spec = complete.spec();
    List<String> segments = spec.id().segments();
    if (segments.size() < 2 || !enforces(AppId.of(segments.get(0)))) {
      return normalized;
    }
    String role = segments.get(0);
    if (body.role() == null) {
      return new Normalized.Complete(spec.withRole(before.map(AppSpec::role).orElse(role)));
    }
    boolean kept = before.isPresent() && before.get().role().equals(spec.role());
    return kept || spec.role().equals(role)
        ? normalized
        : new Normalized.Broken(
            List.of(new Violation("/role", "role must be one of '" + role + "'")));
  }

  private boolean enforces(AppId top) {
    return groups.apply(top).map(GroupSpec::enforceRole).orElse(false);
  }
}
