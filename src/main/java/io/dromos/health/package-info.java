/**
 * HTTP, TCP and command probes on a schedule. May import {@code app}, {@code task} and {@code
 * platform}.
 */
@NullMarked
package io.dromos.health;

import org.jspecify.annotations.NullMarked;
