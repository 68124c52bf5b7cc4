/**
 * What only a container can prove: CDI, JTA, JPA, JAX-RS and timers fit together. Arquillian on
 * Payara Micro.
 */
@NullMarked
package io.dromos.it.container;

import org.jspecify.annotations.NullMarked;
