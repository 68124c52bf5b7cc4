/**
 * What went through the planes of this process, and the listener that tells it: {@link
 * io.dromos.dataplane.stats.Meter} is what the planes count into, {@link
 * io.dromos.dataplane.stats.Measured} how they are asked. Start reading at {@link
 * io.dromos.dataplane.stats.StatsPlane}. Knows no plane; may import {@code routing}, the values
 * below it and {@code platform}, nothing else.
 */
@NullMarked
package io.dromos.dataplane.stats;

import org.jspecify.annotations.NullMarked;
