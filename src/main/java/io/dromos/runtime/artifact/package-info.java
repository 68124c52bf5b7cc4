/**
 * The {@code fetch} entries of an app: downloading, caching and unpacking into a sandbox. Start at
 * {@link io.dromos.runtime.artifact.Artifacts}. May import {@code app} and {@code platform};
 * Commons Compress stays in here.
 */
@NullMarked
package io.dromos.runtime.artifact;

import org.jspecify.annotations.NullMarked;
