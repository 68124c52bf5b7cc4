package io.dromos.api;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.AppTree;
import io.dromos.app.AppValidator;
import io.dromos.app.GroupSpec;
import io.dromos.app.Violation;
import io.dromos.control.Change;
import io.dromos.control.CommandContext;
import io.dromos.control.CommandResult;
import io.dromos.control.Commands;
import io.dromos.control.Rejection;
import io.dromos.store.Stores;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Turns what clients send about groups into changes of the tree (marathon-api reference, 1.8). One
 * change, and so one deployment, for all that lies in a group.
 */
@Dependent
public class GroupChanges {
  private final Stores stores;
  private final Commands commands;
  private final AppValidator validator;

  @Inject
  public GroupChanges(Stores stores, Commands commands, AppValidator validator) {
    this.stores = stores;
    this.commands = commands;
    this.validator = validator;
  }

  /** The group that a body is about: its own id if it has one, relative to the resource called. */
  static AppId target(AppId called, GroupUpdateJson body) {
    return body.id() == null ? called : AppId.of(body.id(), called);
  }

  /** A group that must not exist yet. */
  CommandResult create(AppId target, GroupUpdateJson body, CommandContext context) {
    Change update = update(target, body);
    return commands.change(
        tree -> {
          if (tree.hasGroup(target)) {
            return new Change.Refuse(new Rejection.GroupExists(target));
          }
          if (tree.app(target).isPresent()) {
            return new Change.Refuse(new Rejection.GroupIsApp(target));
          }
          return update.decide(tree);
        },
        context);
  }

  /** A group as it shall be; created when it is missing. */
  CommandResult update(AppId target, GroupUpdateJson body, CommandContext context) {
    return commands.change(update(target, body), context);
  }

  /** What {@link #update(AppId, GroupUpdateJson, CommandContext)} would do. */
  Commands.Forecast forecast(AppId target, GroupUpdateJson body) {
    return commands.forecast(update(target, body));
  }

  private Change update(AppId target, GroupUpdateJson body) {
    List<Violation> schema = body.schema().found();
    if (!schema.isEmpty()) {
      throw BodyException.invalid(schema);
    }
    List<Violation> rules = body.rules().found();
    if (!rules.isEmpty()) {
      return tree -> new Change.Refuse(new Rejection.Invalid(rules));
    }
    if (body.version() != null) {
      return rollBack(target, Timestamps.parse(body.version()));
    }
    Double factor = body.scaleBy();
    return factor != null
        ? tree -> scale(target, factor, tree)
        : tree -> new GroupMerge(tree, validator).decide(target, body);
  }

  /** The definitions of that version return; what came after it goes. */
  private Change rollBack(AppId target, Instant version) {
    return now -> {
      Optional<AppTree> then = stores.apps().treeAt(version);
      if (then.isEmpty() || !then.get().hasGroup(target)) {
        return new Change.Refuse(new Rejection.GroupNotFound(target));
      }
      List<AppSpec> apps = then.get().appsBelow(target);
      Set<AppId> removed = new TreeSet<>();
      now.appsBelow(target).forEach(app -> removed.add(app.id()));
      apps.forEach(app -> removed.remove(app.id()));
      List<GroupSpec> groups = new ArrayList<>(then.get().groupsBelow(target));
      then.get().group(target).filter(group -> !group.id().isRoot()).ifPresent(groups::add);
      Set<AppId> removedGroups = new TreeSet<>();
      now.groupsBelow(target).forEach(group -> removedGroups.add(group.id()));
      groups.forEach(group -> removedGroups.remove(group.id()));
      return new Change.Proceed(
          apps, removed, Set.of(), new Change.GroupChange(target, groups, removedGroups));
    };
  }

  private static Change.Decision scale(AppId target, double factor, AppTree tree) {
    if (!tree.hasGroup(target)) {
      return new Change.Refuse(new Rejection.GroupNotFound(target));
    }
    List<AppSpec> apps =
        tree.appsBelow(target).stream()
            .map(app -> app.withInstances((int) Math.ceil(app.instances() * factor)))
            .toList();
    for (AppSpec app : apps) {
      boolean single = "true".equals(app.labels().get(AppValidator.SINGLE_INSTANCE));
      if (single && app.instances() > 1) {
        String words = app.id() + ": Single instance app may only have one instance";
        return new Change.Refuse(new Rejection.Invalid(List.of(new Violation("/scaleBy", words))));
      }
    }
    return new Change.Proceed(
        apps, Set.of(), Set.of(), new Change.GroupChange(target, List.of(), Set.of()));
  }

  /** Everything below goes too; the root stays, empty. */
  CommandResult delete(AppId target, CommandContext context) {
    return commands.change(
        tree -> {
          if (!tree.hasGroup(target)) {
            return new Change.Refuse(new Rejection.GroupNotFound(target));
          }
          Set<AppId> apps = new TreeSet<>();
          tree.appsBelow(target).forEach(app -> apps.add(app.id()));
          Set<AppId> groups = new TreeSet<>();
          tree.groupsBelow(target).forEach(group -> groups.add(group.id()));
          groups.add(target);
          return new Change.Proceed(
              List.of(), apps, Set.of(), new Change.GroupChange(target, List.of(), groups));
        },
        context);
  }

  /** Whether new apps below a top-level group must have its name as their role. */
  CommandResult enforceRole(AppId target, boolean enforced, CommandContext context) {
    return commands.change(
        tree -> {
          if (target.segments().size() != 1) {
            return new Change.Refuse(
                new Rejection.Invalid(List.of(new Violation("/", "Path needs to be top-level"))));
          }
          return tree.group(target)
              .<Change.Decision>map(
                  group ->
                      new Change.Proceed(
                          List.of(),
                          Set.of(),
                          Set.of(),
                          new Change.GroupChange(
                              target, List.of(group.withEnforceRole(enforced)), Set.of())))
              .orElseGet(() -> new Change.Refuse(new Rejection.GroupNotFound(target)));
        },
        context);
  }
}
