package io.dromos.runtime.artifact;

import io.dromos.platform.Setting;
import io.dromos.platform.Settings;

/**
 * Bounds in bytes.
 *
 * @param cache all cached artifacts of the node together; 0 caches none
 * @param task what the artifacts of one task may take in its sandbox, unpacked
 */
public record ArtifactLimits(long cache, long task) {
  private static final long MIB = 1024L * 1024;

  /** From {@code dromos.artifact.cache.mib} and {@code dromos.artifact.max.mib}. */
  public static ArtifactLimits from(Settings settings) {
    return new ArtifactLimits(
        settings.integer(Setting.ARTIFACT_CACHE, 0, Integer.MAX_VALUE) * MIB,
        settings.integer(Setting.ARTIFACT_MAX, 1, Integer.MAX_VALUE) * MIB);
  }
}
