/**
 * Tasks as plain processes under a tiny supervisor that outlives Dromos and leaves pid and exit
 * code in the task's state files. Start reading at {@code supervise.sh}, then {@link
 * io.dromos.runtime.process.ProcessRuntime}.
 */
@NullMarked
package io.dromos.runtime.process;

import org.jspecify.annotations.NullMarked;
