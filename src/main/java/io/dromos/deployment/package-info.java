/**
 * Getting from one version of the world to another: plan, steps, upgrade arithmetic, launch
 * backoff, and the {@link io.dromos.deployment.Reconciler}, which turns a world and an instant into
 * actions. Pure; may import {@code placement}, {@code task} and {@code app}.
 */
@NullMarked
package io.dromos.deployment;

import org.jspecify.annotations.NullMarked;
