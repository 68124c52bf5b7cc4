/** Every store contract in memory, for tests: the same promises as {@code store.jpa}. */
@NullMarked
package io.dromos.store.memory;

import org.jspecify.annotations.NullMarked;
