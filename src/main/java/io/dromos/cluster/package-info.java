/**
 * Which nodes there are, which of them leads (a lease with an epoch), and the change feed between
 * them ({@code LISTEN/NOTIFY}). May import {@code store} and the pure packages.
 */
@NullMarked
package io.dromos.cluster;

import org.jspecify.annotations.NullMarked;
