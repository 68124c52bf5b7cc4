/**
 * The command line: picocli commands in the grammar of the DC/OS command line, a client of the
 * public API alone. Outside the WAR.
 */
@NullMarked
package io.dromos.cli;

import org.jspecify.annotations.NullMarked;
