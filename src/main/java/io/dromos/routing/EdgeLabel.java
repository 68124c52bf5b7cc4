package io.dromos.routing;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Every {@code HAPROXY_*} label of marathon-lb 1.15 (reference, section 8) and what becomes of it
 * here. {@code edge-labels.md} is this list in words; a test holds the two together.
 */
public enum EdgeLabel {
  GROUP(Scope.BOTH, Support.HONOURED),
  DEPLOYMENT_GROUP(Scope.APP, Support.HONOURED),
  DEPLOYMENT_STARTED_AT(Scope.APP, Support.HONOURED),
  DEPLOYMENT_TARGET_INSTANCES(Scope.APP, Support.HONOURED),
  DEPLOYMENT_NEW_INSTANCES(Scope.APP, Support.HONOURED),
  DEPLOYMENT_ALT_PORT(Scope.APP, Support.FOR_TOOLS),
  DEPLOYMENT_COLOUR(Scope.APP, Support.FOR_TOOLS),
  APP_ID(Scope.APP, Support.FOR_TOOLS),

  ENABLED(Scope.PORT, Support.HONOURED),
  VHOST(Scope.PORT, Support.HONOURED),
  PATH(Scope.PORT, Support.HONOURED),
  BACKEND_WEIGHT(Scope.PORT, Support.HONOURED),
  REDIRECT_TO_HTTPS(Scope.PORT, Support.HONOURED),
  AUTH(Scope.PORT, Support.HONOURED),
  MODE(Scope.PORT, Support.HONOURED),
  BALANCE(Scope.PORT, Support.HONOURED),
  STICKY(Scope.PORT, Support.HONOURED),
  PORT(Scope.PORT, Support.HONOURED),
  BIND_ADDR(Scope.PORT, Support.HONOURED),
  BIND_OPTIONS(Scope.PORT, Support.IN_PART),
  SSL_CERT(Scope.PORT, Support.HONOURED),
  USE_HSTS(Scope.PORT, Support.HONOURED),
  HTTP_BACKEND_PROXYPASS_PATH(Scope.PORT, Support.HONOURED),
  HTTP_BACKEND_REVPROXY_PATH(Scope.PORT, Support.HONOURED),
  HTTP_BACKEND_REDIR(Scope.PORT, Support.HONOURED),
  BACKEND_NETWORK_ALLOWED_ACL(Scope.PORT, Support.HONOURED),
  BACKEND_HEALTHCHECK_PORT_INDEX(Scope.PORT, Support.HONOURED),

  FRONTEND_HEAD(Scope.PORT, Support.IN_PART),
  FRONTEND_BACKEND_GLUE(Scope.PORT, Support.IN_PART),
  BACKEND_HEAD(Scope.PORT, Support.IN_PART),
  BACKEND_STICKY_OPTIONS(Scope.PORT, Support.IN_PART),
  BACKEND_SERVER_OPTIONS(Scope.PORT, Support.IN_PART),
  HTTP_FRONTEND_ACL(Scope.PORT, Support.IN_PART),

  BACKEND_HTTP_OPTIONS(Scope.PORT, Support.TEMPLATE),
  BACKEND_HSTS_OPTIONS(Scope.PORT, Support.TEMPLATE),
  HTTP_BACKEND_PROXYPASS_GLUE(Scope.PORT, Support.TEMPLATE),
  HTTP_BACKEND_REVPROXY_GLUE(Scope.PORT, Support.TEMPLATE),
  HTTP_BACKEND_NETWORK_ALLOWED_ACL(Scope.PORT, Support.TEMPLATE),
  TCP_BACKEND_NETWORK_ALLOWED_ACL(Scope.PORT, Support.TEMPLATE),
  BACKEND_HTTP_HEALTHCHECK_OPTIONS(Scope.PORT, Support.TEMPLATE),
  BACKEND_TCP_HEALTHCHECK_OPTIONS(Scope.PORT, Support.TEMPLATE),
  BACKEND_SERVER_HTTP_HEALTHCHECK_OPTIONS(Scope.PORT, Support.TEMPLATE),
  BACKEND_SERVER_TCP_HEALTHCHECK_OPTIONS(Scope.PORT, Support.TEMPLATE),
  HTTP_FRONTEND_ACL_ONLY(Scope.PORT, Support.TEMPLATE),
  HTTP_FRONTEND_ACL_WITH_PATH(Scope.PORT, Support.TEMPLATE),
  HTTP_FRONTEND_ACL_WITH_AUTH(Scope.PORT, Support.TEMPLATE),
  HTTP_FRONTEND_ACL_WITH_AUTH_AND_PATH(Scope.PORT, Support.TEMPLATE),
  HTTP_FRONTEND_ACL_ONLY_WITH_PATH(Scope.PORT, Support.TEMPLATE),
  HTTP_FRONTEND_ACL_ONLY_WITH_PATH_AND_AUTH(Scope.PORT, Support.TEMPLATE),
  HTTP_FRONTEND_ROUTING_ONLY(Scope.PORT, Support.TEMPLATE),
  HTTP_FRONTEND_ROUTING_ONLY_WITH_AUTH(Scope.PORT, Support.TEMPLATE),
  HTTP_FRONTEND_ROUTING_ONLY_WITH_PATH(Scope.PORT, Support.TEMPLATE),
  HTTP_FRONTEND_ROUTING_ONLY_WITH_PATH_AND_AUTH(Scope.PORT, Support.TEMPLATE),
  HTTPS_FRONTEND_ACL(Scope.PORT, Support.TEMPLATE),
  HTTPS_FRONTEND_ACL_WITH_PATH(Scope.PORT, Support.TEMPLATE),
  HTTPS_FRONTEND_ACL_WITH_AUTH(Scope.PORT, Support.TEMPLATE),
  HTTPS_FRONTEND_ACL_WITH_AUTH_AND_PATH(Scope.PORT, Support.TEMPLATE),
  HTTPS_FRONTEND_ACL_ONLY_WITH_PATH(Scope.PORT, Support.TEMPLATE),
  HTTP_FRONTEND_APPID_ACL(Scope.PORT, Support.TEMPLATE),
  BACKEND_REDIRECT_HTTP_TO_HTTPS(Scope.PORT, Support.TEMPLATE),
  BACKEND_REDIRECT_HTTP_TO_HTTPS_WITH_PATH(Scope.PORT, Support.TEMPLATE),
  USERLIST_HEAD(Scope.PORT, Support.TEMPLATE),
  MAP_HTTP_FRONTEND_ACL(Scope.PORT, Support.TEMPLATE),
  MAP_HTTP_FRONTEND_ACL_ONLY(Scope.PORT, Support.TEMPLATE),
  MAP_HTTP_FRONTEND_APPID_ACL(Scope.PORT, Support.TEMPLATE),
  MAP_HTTPS_FRONTEND_ACL(Scope.PORT, Support.TEMPLATE);

  /** Where the label is written. */
  public enum Scope {
    /** {@code HAPROXY_NAME}. */
    APP,
    /** {@code HAPROXY_n_NAME}. */
    PORT,
    /** Either. */
    BOTH
  }

  /** What becomes of it. */
  public enum Support {
    /** Means here what it means there. */
    HONOURED,
    /** Raw HAProxy text, of which the documented uses are understood; the rest is reported. */
    IN_PART,
    /** Raw HAProxy text: kept and reported, without effect. */
    TEMPLATE,
    /** Read by deployment tools, not by a balancer. */
    FOR_TOOLS
  }

  private static final Map<String, EdgeLabel> BY_NAME =
      Arrays.stream(values()).collect(Collectors.toMap(Enum::name, Function.identity()));

  private final Scope scope;
  private final Support support;

  EdgeLabel(Scope scope, Support support) {
    this.scope = scope;
    this.support = support;
  }

  public Scope scope() {
    return scope;
  }

  public Support support() {
    return support;
  }

  /** The label of that name after {@code HAPROXY_n_}; empty when marathon-lb knows none. */
  static Optional<EdgeLabel> ofPort(String name) {
    return Optional.ofNullable(BY_NAME.get(name)).filter(label -> label.scope != Scope.APP);
  }

  /** The label of that name after {@code HAPROXY_}; empty when marathon-lb knows none. */
  static Optional<EdgeLabel> ofApp(String name) {
    return Optional.ofNullable(BY_NAME.get(name)).filter(label -> label.scope != Scope.PORT);
  }

  /** The key of the label at a port. */
  String key(int index) {
    return "HAPROXY_" + index + "_" + name();
  }

  /** The key of the label of the app. */
  String key() {
    return "HAPROXY_" + name();
  }
}
