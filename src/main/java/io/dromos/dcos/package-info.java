/**
 * Thin reads around the API: task logs in the dcos-log v2 form, the package catalogue, and the
 * console's public JSON.
 */
@NullMarked
package io.dromos.dcos;

import org.jspecify.annotations.NullMarked;
