package io.dromos.app;

import java.util.List;

/**
 * A group of the tree as its users set it; which apps and groups lie in it follows from their ids
 * (Marathon 1.11: {@code Group}).
 *
 * @param dependencies apps and groups that everything below this group waits for; absolute
 * @param enforceRole whether new apps below must have the name of this top-level group as their
 *     role
 */
public record GroupSpec(AppId id, List<AppId> dependencies, boolean enforceRole) {
  public GroupSpec {
    dependencies = List.copyOf(dependencies);
  }

  /** A group that came into being with what lies in it. */
  public static GroupSpec plain(AppId id) {
    return new GroupSpec(id, List.of(), false);
  }

  public GroupSpec withDependencies(List<AppId> others) {
    return new GroupSpec(id, others, enforceRole);
  }

  public GroupSpec withEnforceRole(boolean enforced) {
    return new GroupSpec(id, dependencies, enforced);
  }
}
