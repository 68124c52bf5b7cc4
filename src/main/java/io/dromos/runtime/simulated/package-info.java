/**
 * Tasks that are only pretended: they start, exit and fail on a script and touch nothing of the
 * machine. For benchmarks of the control plane and for trying things out. Start reading at {@link
 * io.dromos.runtime.simulated.SimulatedRuntime}; what a script can say is in {@link
 * io.dromos.runtime.simulated.Script}.
 */
@NullMarked
package io.dromos.runtime.simulated;

import org.jspecify.annotations.NullMarked;
