/**
 * Every node's own loops: what is placed here, what runs here, act, report. Start reading at {@link
 * io.dromos.agent.AgentLoop}; what it decides about one task is in {@code Duty}. May import
 * everything below the doors.
 */
@NullMarked
package io.dromos.agent;

import org.jspecify.annotations.NullMarked;
