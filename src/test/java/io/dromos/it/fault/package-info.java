/** What happens when something is killed: traffic goes on, state recovers. */
@NullMarked
package io.dromos.it.fault;

import org.jspecify.annotations.NullMarked;
