/**
 * The deterministic simulation: several whole nodes, their loops, machines, planes and users on one
 * simulated schedule, with faults from a seed and invariants checked at every commit. Start reading
 * at {@link io.dromos.simulation.Simulation}.
 */
@NullMarked
package io.dromos.simulation;

import org.jspecify.annotations.NullMarked;
