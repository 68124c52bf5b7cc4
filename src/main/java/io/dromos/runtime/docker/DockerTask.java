package io.dromos.runtime.docker;

import io.dromos.runtime.RuntimeStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What is known of one task and its container. */
final class DockerTask {
  private volatile RuntimeStatus status;
  private volatile @Nullable String container;
  private volatile boolean launching;
  private volatile boolean stopRequested;
  private volatile boolean stopping;
  private volatile long settledAt;
  private volatile @Nullable Path process;
  private boolean deathTold;
  private @Nullable EngineStream<?> pull;
  private @Nullable LogFollower follower;

  DockerTask(RuntimeStatus status, boolean launching) {
    this.status = status;
    this.launching = launching;
  }

  /**
   * A container that the Engine lists but could not describe. It is there: who found no trace of
   * the task instead would have it replaced, and then stopped as a stranger.
   */
  static DockerTask unread(String container) {
    DockerTask task = new DockerTask(new RuntimeStatus.Preparing("taking over"), false);
    task.container(container);
    return task;
  }

  RuntimeStatus status() {
    return status;
  }

  /** True when that is news; an end is final. */
  boolean become(RuntimeStatus next) {
    if (status.equals(next) || isOver()) {
      return false;
    }
    status = next;
    return true;
  }

  boolean isOver() {
    return status instanceof RuntimeStatus.Ended || status instanceof RuntimeStatus.Failed;
  }

  /** Nothing about its container has to be asked any more while that runs. */
  boolean isKnownToRun() {
    return container != null && status instanceof RuntimeStatus.Running;
  }

  @Nullable String container() {
    return container;
  }

  void container(String id) {
    container = id;
  }

  /** Where {@code /proc} shows its main process, if this machine can see it. */
  void process(@Nullable Path entry) {
    process = entry;
  }

  /** Its main process is gone; the Engine will tell the rest. */
  boolean isDying() {
    Path entry = process;
    return entry != null && status instanceof RuntimeStatus.Running && !Files.exists(entry);
  }

  /** True once. */
  synchronized boolean tellOfDeath() {
    boolean first = !deathTold;
    deathTold = true;
    return first;
  }

  boolean isLaunching() {
    return launching;
  }

  void launched() {
    settledAt = System.nanoTime();
    launching = false;
  }

  /** A listing that began before the launch was through doesn't show its container. */
  boolean isSettledBefore(long nanos) {
    return !launching && settledAt - nanos < 0;
  }

  /** Asks a launch to give up, wherever it is. */
  synchronized void requestStop() {
    stopRequested = true;
    if (pull != null) {
      pull.close();
    }
  }

  boolean isStopRequested() {
    return stopRequested;
  }

  synchronized void pulling(@Nullable EngineStream<?> current) {
    pull = current;
  }

  /** True for the first who wants to stop it. */
  synchronized boolean beginStopping() {
    boolean first = !stopping;
    stopping = true;
    return first;
  }

  synchronized void stopFailed() {
    stopping = false;
  }

  synchronized @Nullable LogFollower follower() {
    return follower;
  }

  void unfollow() {
    LogFollower current = follower();
    if (current != null) {
      current.close();
    }
  }

  synchronized void follow(LogFollower next) {
    follower = next;
  }
}
