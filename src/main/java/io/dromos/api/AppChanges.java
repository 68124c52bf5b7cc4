package io.dromos.api;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.AppTree;
import io.dromos.app.AppValidator;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Turns what clients send about apps into changes of the app tree: schema first, then normalised
 * over the stored definition and validated inside the transaction that stores it. The rules of the
 * tree as a whole are the command's.
 */
@Dependent
public class AppChanges {
  /** What came of a change, and which apps did not exist before. */
  record Outcome(CommandResult result, Set<AppId> created) {}

  /** How a body is read. */
  enum Mode {
    /** It must be new. */
    CREATE,
    /** Given fields replace stored ones; a missing app is created. */
    PARTIAL,
    /** As PARTIAL; a missing app is an error. */
    PATCH,
    /** The body is the whole new definition. */
    REPLACE
  }

  private record Wish(AppId id, AppJson app, String prefix, Optional<AppSpec> rollback) {}

  private final Stores stores;
  private final Commands commands;
  private final AppValidator validator;

  @Inject
  public AppChanges(Stores stores, Commands commands, AppValidator validator) {
    this.stores = stores;
    this.commands = commands;
    this.validator = validator;
  }

  CommandResult create(AppJson app, CommandContext context) {
    Wish wish = new Wish(idOf(app, ""), checked(app, ""), "", Optional.empty());
    return change(List.of(wish), Mode.CREATE, context).result();
  }

  Outcome update(AppId id, AppJson app, Mode mode, CommandContext context) {
    checked(app, "");
    if (mode == Mode.REPLACE || app.version() == null) {
      return change(List.of(new Wish(id, app, "", Optional.empty())), mode, context);
    }
    if (!AppNormalizer.isRollback(app)) {
      return refused(
          new Rejection.Invalid(
              List.of(
                  new Violation(
                      "/", "The 'version' field may only be combined with the 'id' field."))));
    }
    Instant version = Timestamps.parse(app.version());
    Optional<AppSpec> stored = stores.apps().version(id, version);
    if (stored.isEmpty()) {
      return refused(new Rejection.VersionNotFound(id, version));
    }
    return change(List.of(new Wish(id, app, "", stored)), mode, context);
  }

  /** One change for all. */
  CommandResult updateAll(List<AppJson> apps, Mode mode, CommandContext context) {
    List<Wish> wishes = new ArrayList<>();
    for (int i = 0; i < apps.size(); i++) {
      String prefix = "(" + i + ")";
      AppJson app = apps.get(i);
      wishes.add(new Wish(idOf(app, prefix), checked(app, prefix), prefix, Optional.empty()));
    }
    return change(wishes, mode, context).result();
  }

  CommandResult delete(AppId id, CommandContext context) {
    return commands.change(
        tree ->
            tree.apps().containsKey(id)
                ? new Change.Proceed(List.of(), Set.of(id), Set.of())
                : new Change.Refuse(new Rejection.AppNotFound(id)),
        context);
  }

  CommandResult restart(AppId id, CommandContext context) {
    return commands.change(
        tree ->
            tree.app(id)
                .<Change.Decision>map(app -> new Change.Proceed(List.of(app), Set.of(), Set.of(id)))
                .orElseGet(() -> new Change.Refuse(new Rejection.AppNotFound(id))),
        context);
  }

  private Outcome change(List<Wish> wishes, Mode mode, CommandContext context) {
    Set<AppId> created = ConcurrentHashMap.newKeySet();
    CommandResult result =
        commands.change(
            tree -> {
              created.clear();
              return decide(wishes, mode, tree, created);
            },
            context);
    return new Outcome(result, Set.copyOf(created));
  }

  private Change.Decision decide(List<Wish> wishes, Mode mode, AppTree tree, Set<AppId> created) {
    GroupRoles roles = GroupRoles.of(tree);
    Map<AppId, AppSpec> after = new HashMap<>(tree.apps());
    Set<AppId> touched = new HashSet<>();
    for (Wish wish : wishes) {
      Optional<AppSpec> before = Optional.ofNullable(after.get(wish.id()));
      if (before.isEmpty() && mode == Mode.PATCH) {
        return new Change.Refuse(new Rejection.AppNotFound(wish.id()));
      }
      Normalized normalized = roles.impose(normalize(wish, before, mode), wish.app(), before);
      List<Violation> violations = violations(normalized);
      if (!violations.isEmpty()) {
        return new Change.Refuse(new Rejection.Invalid(prefixed(violations, wish.prefix())));
      }
      if (before.isPresent() && mode == Mode.CREATE) {
        return new Change.Refuse(new Rejection.AppExists(wish.id()));
      }
      if (before.isEmpty()) {
        created.add(wish.id());
      }
      after.put(wish.id(), ((Normalized.Complete) normalized).spec());
      touched.add(wish.id());
    }
    List<AppSpec> upserts = touched.stream().sorted().map(after::get).toList();
    return new Change.Proceed(upserts, Set.of(), Set.of());
  }

  private static Normalized normalize(Wish wish, Optional<AppSpec> before, Mode mode) {
    if (before.isPresent() && wish.rollback().isPresent()) {
      return new Normalized.Complete(wish.rollback().get());
    }
    return before.isPresent() && (mode == Mode.PARTIAL || mode == Mode.PATCH)
        ? AppNormalizer.update(before.get(), wish.app(), AppId.ROOT)
        : AppNormalizer.create(wish.id(), wish.app(), AppId.ROOT);
  }

  private List<Violation> violations(Normalized normalized) {
    return normalized instanceof Normalized.Complete complete
        ? validator.validate(complete.spec())
        : ((Normalized.Broken) normalized).violations();
  }

  private static List<Violation> prefixed(List<Violation> violations, String prefix) {
    return violations.stream().map(v -> new Violation(prefix + v.path(), v.message())).toList();
  }

  private static AppId idOf(AppJson app, String prefix) {
    if (app.id() == null) {
      throw BodyException.invalid(List.of(new Violation(prefix + "/id", "error.path.missing")));
    }
    return AppId.of(app.id());
  }

  /** The body itself when no value breaks a schema rule. */
  private static AppJson checked(AppJson app, String prefix) {
    List<Violation> violations = AppSchema.check(app, prefix);
    if (!violations.isEmpty()) {
      throw BodyException.invalid(violations);
    }
    return app;
  }

  private static Outcome refused(Rejection rejection) {
    return new Outcome(new CommandResult.Refused(rejection), Set.of());
  }
}
