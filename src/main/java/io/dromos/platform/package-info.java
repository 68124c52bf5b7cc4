/** Clock, identifiers, configuration records and the coalescing loop; depends on nobody. */
@NullMarked
package io.dromos.platform;

import org.jspecify.annotations.NullMarked;
