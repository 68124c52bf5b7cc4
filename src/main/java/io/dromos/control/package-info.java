/**
 * The commands that record what users want, and the one control loop of the leader: load, decide, *
 * commit, publish. EJB timers and change notifications only signal it.
 */
@NullMarked
package io.dromos.control;

import org.jspecify.annotations.NullMarked;
