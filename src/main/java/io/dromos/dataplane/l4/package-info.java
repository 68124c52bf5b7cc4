/**
 * The userspace plane of the VIPs: Netty listeners for TCP and UDP on addresses of 127.128.0.0/9.
 * Start reading at {@link io.dromos.dataplane.l4.L4Plane}. May import {@code routing}, the values
 * below it and {@code platform}, nothing else.
 */
@NullMarked
package io.dromos.dataplane.l4;

import org.jspecify.annotations.NullMarked;
