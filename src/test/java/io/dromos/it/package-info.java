/** What needs real parts: a PostgreSQL server, a container, the packaged jar. */
@NullMarked
package io.dromos.it;

import org.jspecify.annotations.NullMarked;
