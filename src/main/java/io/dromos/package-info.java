/**
 * Start-up, shutdown and wiring of the application; the only package that may import every other.
 */
@NullMarked
package io.dromos;

import org.jspecify.annotations.NullMarked;
