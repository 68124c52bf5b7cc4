/**
 * The name server: {@code thisdcos.directory} and {@code mesos} from the current snapshot, every
 * other name from upstream. {@link io.dromos.dataplane.dns.DnsPlane} opens the sockets, {@code
 * DnsQuery} reads, {@code Zones} knows, {@code Answerer} decides and {@code DnsWriter} writes;
 * {@code Forwarder} asks others. May import {@code routing}, the values below it and {@code
 * platform}, nothing else.
 */
@NullMarked
package io.dromos.dataplane.dns;

import org.jspecify.annotations.NullMarked;
