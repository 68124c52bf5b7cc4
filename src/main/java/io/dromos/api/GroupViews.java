package io.dromos.api;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.AppTree;
import io.dromos.app.GroupSpec;
import io.dromos.store.Stores;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads groups, as they are and as they were, with whatever a client wants embedded. */
@Dependent
public class GroupViews {
  private final Stores stores;
  private final AppViews views;

  @Inject
  public GroupViews(Stores stores, AppViews views) {
    this.stores = stores;
    this.views = views;
  }

  /** The group as it is. */
  Optional<GroupJson> find(AppId group, Collection<String> embed) {
    return views.read(() -> render(Optional.of(stores.apps().tree()), group, embed));
  }

  /** The group as it was at a version of the root; what is embedded in its apps is of today. */
  Optional<GroupJson> find(AppId group, Instant version, Collection<String> embed) {
    return views.read(() -> render(stores.apps().treeAt(version), group, embed));
  }

  /** Versions of the root at which the group was there, newest first; empty when it isn't now. */
  Optional<List<String>> versions(AppId group) {
    return views.read(
        () ->
            stores.apps().groups().contains(group)
                ? Optional.of(stores.apps().groupVersions(group).stream().map(Json::time).toList())
                : Optional.empty());
  }

  private Optional<GroupJson> render(Optional<AppTree> tree, AppId root, Collection<String> embed) {
    return tree.filter(found -> found.hasGroup(root))
        .map(found -> new Rendering(found, apps(found, root, embed), embed).of(root));
  }

  /** Apps by the group they lie in; null when none are wanted. */
  private @Nullable Map<AppId, List<AppView>> apps(
      AppTree tree, AppId root, Collection<String> embed) {
    if (!embed.isEmpty() && embed.stream().noneMatch(e -> e.startsWith("group.apps"))) {
      return null;
    }
    List<AppSpec> specs = tree.appsBelow(root);
    List<AppView> rendered = views.render(specs, Embed.inGroup(embed));
    Map<AppId, List<AppView>> apps = new HashMap<>();
    for (int i = 0; i < specs.size(); i++) {
      apps.computeIfAbsent(specs.get(i).id().parent(), id -> new ArrayList<>())
          .add(rendered.get(i));
    }
    return apps;
  }

  /** Groups from one down; what was not asked for is absent. */
  private static final class Rendering {
    private final AppTree tree;
    private final @Nullable Map<AppId, List<AppView>> apps;
    private final boolean withGroups;
    private final boolean withPods;
    private final Map<AppId, List<AppId>> children = new HashMap<>();

    Rendering(AppTree tree, @Nullable Map<AppId, List<AppView>> apps, Collection<String> embed) {
      this.tree = tree;
      this.apps = apps;
      this.withGroups = embed.isEmpty() || embed.contains("group.groups");
      this.withPods = embed.isEmpty() || embed.contains("group.pods");
      tree.groups()
          .keySet()
          .forEach(
              id -> {
                if (!id.isRoot()) {
                  children.computeIfAbsent(id.parent(), p -> new ArrayList<>()).add(id);
                }
              });
    }

    GroupJson of(AppId id) {
      GroupSpec group = tree.group(id).orElse(GroupSpec.plain(id));
      return new GroupJson(
          id.path(),
          apps == null ? null : apps.getOrDefault(id, List.of()),
          withGroups ? children.getOrDefault(id, List.of()).stream().map(this::of).toList() : null,
          withPods ? List.of() : null,
          group.dependencies().stream().map(AppId::path).toList(),
          Json.time(tree.version()),
          group.enforceRole());
    }
  }
}
