/**
 * The conformance list of the Marathon v2 API, 172 numbered checks, against a running server. Start
 * reading at {@link io.dromos.it.e2e.conformance.MarathonConformanceE2eIT}; the page {@code
 * marathon-conformance.md} says of every number how we stand.
 */
@NullMarked
package io.dromos.it.e2e.conformance;

import org.jspecify.annotations.NullMarked;
