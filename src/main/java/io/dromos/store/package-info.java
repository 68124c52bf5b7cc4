/**
 * Contracts of everything that is remembered. Implementations: {@code store.jpa} (EclipseLink on *
 * PostgreSQL) and {@code store.memory} (tests and simulation). May import the pure packages.
 */
@NullMarked
package io.dromos.store;

import org.jspecify.annotations.NullMarked;
