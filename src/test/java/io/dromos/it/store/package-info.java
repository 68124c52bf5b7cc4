/** The store contracts on a real PostgreSQL, and what only a real one can prove. */
@NullMarked
package io.dromos.it.store;

import org.jspecify.annotations.NullMarked;
