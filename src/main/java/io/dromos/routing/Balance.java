package io.dromos.routing;

import org.jspecify.annotations.Nullable;

/**
 * Which backend the next request or connection goes to: HAProxy's algorithms by what they promise.
 *
 * @param parameter name of the header or query parameter that is looked at; null for other kinds
 */
public record Balance(Kind kind, @Nullable String parameter) {
  /** The rules. */
  public enum Kind {
    /** Fewest outstanding first, equals in turn: what nobody asked otherwise gets. */
    LEAST_BUSY,
    /** Strictly in turn: {@code roundrobin}, {@code static-rr}. */
    ROUND_ROBIN,
    /** Fewest outstanding: {@code leastconn}. */
    LEAST_CONNECTIONS,
    /** The first that takes it: {@code first}. */
    FIRST,
    /** Any: {@code random}. */
    RANDOM,
    /** By the client's address: {@code source}. */
    SOURCE,
    /** By the path: {@code uri}. */
    URI,
    /** By a query parameter: {@code url_param NAME}. */
    PARAMETER,
    /** By a header: {@code hdr(NAME)}. */
    HEADER
  }

  /** Without the label. */
  public static final Balance TURNS = new Balance(Kind.LEAST_BUSY, null);
}
