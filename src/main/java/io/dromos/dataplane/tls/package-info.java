/**
 * Certificates of the edge: read from PEM files and directories, found by the name a client asks
 * for, read again when they change. Start reading at {@link io.dromos.dataplane.tls.Certificates}.
 * Knows no routes; may import {@code platform} and Netty's TLS alone.
 */
@NullMarked
package io.dromos.dataplane.tls;

import org.jspecify.annotations.NullMarked;
