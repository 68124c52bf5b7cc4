package io.dromos.api;

import static java.util.Objects.requireNonNullElse;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.AppTree;
import io.dromos.app.AppValidator;
import io.dromos.app.GroupSpec;
import io.dromos.app.Violation;
import io.dromos.control.Change;
import io.dromos.control.Rejection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Lays what a client sent about a group over the tree (Marathon 1.11: {@code GroupApiService}):
 * what is given replaces, what is absent stays, at every depth.
 */
final class GroupMerge {
  private final AppTree tree;
  private final AppValidator validator;
  private final Violations out = new Violations();
  private final Map<AppId, GroupSpec> groups = new LinkedHashMap<>();
  private final List<AppSpec> apps = new ArrayList<>();
  private final Set<AppId> removedApps = new TreeSet<>();
  private final Set<AppId> removedGroups = new TreeSet<>();

  GroupMerge(AppTree tree, AppValidator validator) {
    this.tree = tree;
    this.validator = validator;
  }

  /** What becomes of the tree when {@code target} is to be as the update says. */
  Change.Decision decide(AppId target, GroupUpdateJson update) {
    out.addIf(!target.hasValidSegments(), "/id", segmentRule());
    groups(target, update, "");
    apps(target, update, "");
    return out.found().isEmpty()
        ? new Change.Proceed(
            apps,
            removedApps,
            Set.of(),
            new Change.GroupChange(target, List.copyOf(groups.values()), removedGroups))
        : new Change.Refuse(new Rejection.Invalid(out.found()));
  }

  private static String segmentRule() {
    return "must fully match regular expression '" + AppId.SEGMENT_PATTERN + "'";
  }

  /** Groups first: the roles that apps may have depend on them. */
  private void groups(AppId id, GroupUpdateJson update, String prefix) {
    GroupSpec group = tree.group(id).orElse(GroupSpec.plain(id));
    if (update.dependencies() != null) {
      group = group.withDependencies(dependencies(id, update.dependencies(), prefix));
    }
    boolean enforced = requireNonNullElse(update.enforceRole(), group.enforceRole());
    out.addIf(
        enforced && id.segments().size() != 1,
        prefix + "/enforceRole",
        "enforceRole is for top-level groups");
    if (!id.isRoot()) {
      groups.put(id, group.withEnforceRole(enforced));
    } else {
      out.addIf(
          !group.dependencies().isEmpty(),
          prefix + "/dependencies",
          "the root group holds everything and can wait for nothing");
    }
    if (update.groups() == null) {
      return;
    }
    Set<AppId> kept = new TreeSet<>();
    for (int i = 0; i < update.groups().size(); i++) {
      GroupUpdateJson nested = update.groups().get(i);
      String path = prefix + "/groups(" + i + ")";
      AppId child = child(id, nested.id(), path, kept);
      groups(child, nested, path);
    }
    tree.groups().values().stream()
        .map(GroupSpec::id)
        .filter(g -> !g.isRoot() && g.parent().equals(id) && !kept.contains(g))
        .forEach(this::remove);
  }

  private void remove(AppId group) {
    removedGroups.add(group);
    tree.groupsBelow(group).forEach(below -> removedGroups.add(below.id()));
    tree.appsBelow(group).forEach(app -> removedApps.add(app.id()));
  }

  private List<AppId> dependencies(AppId group, List<String> given, String prefix) {
    List<AppId> ids = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      AppId id = AppId.of(given.get(i), group);
      String path = prefix + "/dependencies(" + i + ")";
      out.addIf(!id.hasValidSegments(), path, segmentRule());
      ids.add(id);
    }
    return ids.stream().distinct().toList();
  }

  private void apps(AppId group, GroupUpdateJson update, String prefix) {
    if (update.apps() != null) {
      Set<AppId> kept = new TreeSet<>();
      for (int i = 0; i < update.apps().size(); i++) {
        AppJson app = update.apps().get(i);
        String path = prefix + "/apps(" + i + ")";
        app(child(group, app.id(), path, kept), group, app, path);
      }
      tree.apps().keySet().stream()
          .filter(id -> id.parent().equals(group) && !kept.contains(id))
          .forEach(removedApps::add);
    }
    if (update.groups() != null) {
      for (int i = 0; i < update.groups().size(); i++) {
        GroupUpdateJson nested = update.groups().get(i);
        String id = requireNonNullElse(nested.id(), "");
        apps(AppId.of(id, group), nested, prefix + "/groups(" + i + ")");
      }
    }
  }

  private void app(AppId id, AppId group, AppJson app, String path) {
    Optional<AppSpec> before = tree.app(id);
    Normalized normalized =
        new GroupRoles(g -> Optional.ofNullable(groups.get(g)).or(() -> tree.group(g)))
            .impose(AppNormalizer.create(id, app, group), app, before);
    if (normalized instanceof Normalized.Complete complete) {
      add(path, validator.validate(complete.spec()));
      apps.add(complete.spec());
    } else {
      add(path, ((Normalized.Broken) normalized).violations());
    }
  }

  private void add(String prefix, List<Violation> violations) {
    violations.forEach(
        v -> out.add(v.path().equals("/") ? prefix : prefix + v.path(), v.message()));
  }

  /** The id of what lies directly in a group; each only once. */
  private AppId child(AppId group, @Nullable String given, String path, Set<AppId> kept) {
    AppId id = AppId.of(requireNonNullElse(given, ""), group);
    out.addIf(!id.hasValidSegments(), path + "/id", segmentRule());
    if (id.isRoot() || !id.parent().equals(group)) {
      out.add(path + "/id", "Identifier is not child of '" + group + "'");
    } else {
      out.addIf(!kept.add(id), path + "/id", "'" + id + "' is given more than once");
    }
    return id;
  }
}
