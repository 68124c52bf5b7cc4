/**
 * What a user asked for: identifiers, the app definition, ports, health checks, and the rules a
 * definition must satisfy. Pure: imports {@code java.*} only. Start reading at {@link
 * io.dromos.app.AppSpec}.
 */
@NullMarked
package io.dromos.app;

import org.jspecify.annotations.NullMarked;
