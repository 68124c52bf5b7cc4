/**
 * The conformance list of marathon-lb, C01 to C95, against a running node. Start reading at {@link
 * io.dromos.it.e2e.balancer.MarathonLbConformanceE2eIT}; the page {@code
 * marathon-lb-conformance.md} says of every number how we stand.
 */
@NullMarked
package io.dromos.it.e2e.balancer;

import org.jspecify.annotations.NullMarked;
