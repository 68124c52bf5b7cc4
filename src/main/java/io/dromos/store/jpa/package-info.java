/**
 * The store on PostgreSQL through EclipseLink. Entities never leave this package; rows keep the
 * domain record as a JSON document plus the columns that are queried.
 */
@NullMarked
package io.dromos.store.jpa;

import org.jspecify.annotations.NullMarked;
