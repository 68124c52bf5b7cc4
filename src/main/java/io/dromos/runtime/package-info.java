/**
 * Start, watch, stop and recover tasks on this node; sandboxes and logs. The contract is {@link
 * io.dromos.runtime.TaskRuntime}; implementations are {@code runtime.process} and {@code
 * runtime.docker}. May import {@code app}, {@code task} and {@code platform}.
 */
@NullMarked
package io.dromos.runtime;

import org.jspecify.annotations.NullMarked;
