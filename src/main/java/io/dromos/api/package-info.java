/**
 * The Marathon v2 API in JAX-RS: wire records, normalising, resources, error wording, events,
 * authentication. Records intent through {@code control}; never touches {@code runtime}.
 */
@NullMarked
package io.dromos.api;

import org.jspecify.annotations.NullMarked;
