package io.dromos.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client wants of a group and of what lies in it (Marathon 1.11: {@code GroupUpdate}). What
 * is absent stays as it is.
 *
 * @param id absolute, or relative to the resource that was called or the group around
 * @param apps whole definitions; apps of the group that are not among them go
 * @param groups groups in the group that are not among them go, with all that lies in them
 * @param dependencies absolute, or relative to this group
 * @param scaleBy alone: multiplies the instances of every app below
 * @param version alone: a version of the root to return to
 * @param enforceRole of top-level groups
 */
public record GroupUpdateJson(
    @Nullable String id,
    @Nullable List<AppJson> apps,
    @Nullable List<GroupUpdateJson> groups,
    @Nullable List<String> dependencies,
    @Nullable Double scaleBy,
    @Nullable String version,
    @Nullable Boolean enforceRole) {
  private static final String ALONE = "not allowed in conjunction with other properties.";

  /** The body of a PATCH; absent means false. */
  public record GroupPatchJson(@Nullable Boolean enforceRole) {}

  /** True when neither the whole group returns to a version nor all its apps are scaled. */
  boolean isStructural() {
    return scaleBy == null && version == null;
  }

  /** Rules that a value breaks by itself, those of nested groups and apps included. */
  Violations schema() {
    Violations out = new Violations();
    schema("", out);
    return out;
  }

  private void schema(String prefix, Violations out) {
    out.length(prefix + "/id", id, 1, Integer.MAX_VALUE);
    out.atLeast(prefix + "/scaleBy", scaleBy, 0);
    out.addIf(
        scaleBy != null && scaleBy.isInfinite(), prefix + "/scaleBy", "error.expected.jsnumber");
    out.unique(prefix + "/dependencies", dependencies);
    for (int i = 0; apps != null && i < apps.size(); i++) {
      String path = prefix + "/apps(" + i + ")";
      out.required(path + "/id", apps.get(i).id());
      out.addAll(AppSchema.check(apps.get(i), path));
    }
    for (int i = 0; groups != null && i < groups.size(); i++) {
      String path = prefix + "/groups(" + i + ")";
      out.required(path + "/id", groups.get(i).id());
      groups.get(i).schema(path, out);
    }
  }

  /** Rules between the fields, those of nested groups included. */
  Violations rules() {
    Violations out = new Violations();
    rules("", out);
    return out;
  }

  private void rules(String prefix, Violations out) {
    boolean structure =
        apps != null || groups != null || dependencies != null || enforceRole != null;
    boolean nested = !prefix.isEmpty();
    out.addIf(
        scaleBy != null && (structure || version != null || nested), prefix + "/scaleBy", ALONE);
    out.addIf(
        version != null && (structure || scaleBy != null) && !nested, prefix + "/version", ALONE);
    for (int i = 0; groups != null && i < groups.size(); i++) {
      groups.get(i).rules(prefix + "/groups(" + i + ")", out);
    }
  }
}
