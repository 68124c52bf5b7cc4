/**
 * Users' stories on the packaged {@code dromos.jar}: real processes, real ports, real Docker
 * Engine.
 */
@NullMarked
package io.dromos.it.e2e;

import org.jspecify.annotations.NullMarked;
