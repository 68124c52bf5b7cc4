/**
 * Tasks as plain processes under a tiny supervisor that outlives Dromos and leaves pid and exit
 * code in the sandbox.
 */
@NullMarked
package io.dromos.runtime.process;

import org.jspecify.annotations.NullMarked;
