/**
 * One execution attempt of an app: its goal (what the leader wants), its state (what the agent saw)
 * and the table of legal transitions. Pure; may import {@code app}. Start reading at {@link
 * io.dromos.task.TaskTransitions}.
 */
@NullMarked
package io.dromos.task;

import org.jspecify.annotations.NullMarked;
