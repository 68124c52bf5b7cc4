/**
 * The DNS server for {@code thisdcos.directory} and {@code mesos}. May import {@code routing}, the
 * values below it and {@code platform}, nothing else.
 */
@NullMarked
package io.dromos.dataplane.dns;

import org.jspecify.annotations.NullMarked;
