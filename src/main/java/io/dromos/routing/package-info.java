/**
 * What traffic believes: the immutable, versioned {@link io.dromos.routing.RoutingSnapshot}, the *
 * compiler that makes it, the table that holds the current one (the resolver), and the contract of
 * the planes that consume it. Pure; may import {@code task}, {@code app} and {@code platform}.
 */
@NullMarked
package io.dromos.routing;

import org.jspecify.annotations.NullMarked;
