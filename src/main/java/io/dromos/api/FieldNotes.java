package io.dromos.api;

import java.util.Map;

/**
 * Fields of a definition that are accepted and do nothing: what the page on the app definition
 * calls kept (stored and shown again) and ignored (not even that). A test compares the two.
 */
final class FieldNotes {
  /** By path, list elements as {@code []}. */
  static final Map<String, String> KEPT =
      Map.of(
          "networks[].labels", "kept and shown, with no effect",
          "readinessChecks[].name", "kept and shown, with no effect",
          "role", "kept and shown; roles hold nothing back here",
          "ipAddress.labels", "become labels of the network, which have no effect");

  static final Map<String, String> IGNORED =
      Map.of(
          "container.portMappings[].networkNames", "the container is attached to one network",
          "container.docker.portMappings[].networkNames",
              "the container is attached to one network",
          "ipAddress.groups", "network isolation groups of Mesos",
          "versionInfo", "set by the server",
          "versionInfo.lastScalingAt", "set by the server",
          "versionInfo.lastConfigChangeAt", "set by the server");

  private FieldNotes() {}
}
