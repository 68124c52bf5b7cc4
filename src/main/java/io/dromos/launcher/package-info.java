/** Outside the WAR: {@code main}, the embedded PostgreSQL, booting Payara Micro, signals. */
@NullMarked
package io.dromos.launcher;

import org.jspecify.annotations.NullMarked;
