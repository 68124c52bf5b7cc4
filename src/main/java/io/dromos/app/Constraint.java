package io.dromos.app;

import org.jspecify.annotations.Nullable;

/** A placement constraint: field, operator, and a value where the operator takes one. */
public record Constraint(String field, Operator operator, @Nullable String value) {
  /** Marathon's operators. */
  public enum Operator {
    UNIQUE,
    CLUSTER,
    GROUP_BY,
    LIKE,
    UNLIKE,
    MAX_PER,
    IS
  }
}
