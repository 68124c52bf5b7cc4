/**
 * Where a task may run: agents, what they offer, what is used, and the choice of agent and host
 * ports, or a refusal with reasons that a user can read. Pure; may import {@code task} and {@code
 * app}.
 */
@NullMarked
package io.dromos.placement;

import org.jspecify.annotations.NullMarked;
