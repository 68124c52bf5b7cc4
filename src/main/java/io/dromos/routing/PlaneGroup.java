package io.dromos.routing;

import java.util.List;

/** Planes that are served together: those of this process, or those of another one. */
public interface PlaneGroup extends AutoCloseable {
  /** Sees the planes through to this snapshot; returns at once. */
  void serve(RoutingSnapshot next);

  /** How each of them stands now. */
  List<PlaneState> states();

  /** Tries again, every few seconds, what planes could not serve. Cheap; call it every turn. */
  void retryDegraded();

  /** Has every plane apply once more what it serves. */
  void reapply();

  @Override
  void close();
}
