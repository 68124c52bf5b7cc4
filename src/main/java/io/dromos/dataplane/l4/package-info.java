/**
 * Netty TCP listeners for VIPs and TCP-mode service ports. May import {@code routing}, the values *
 * below it and {@code platform}, nothing else.
 */
@NullMarked
package io.dromos.dataplane.l4;

import org.jspecify.annotations.NullMarked;
