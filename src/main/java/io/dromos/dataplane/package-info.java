/**
 * What the data planes share: the {@link io.dromos.dataplane.Transport} and the words for a socket
 * that cannot be opened. The planes themselves live in {@code http}, {@code l4}, {@code kernel} and
 * {@code dns}; they take what they serve from {@code routing} and know nobody else.
 */
@NullMarked
package io.dromos.dataplane;

import org.jspecify.annotations.NullMarked;
