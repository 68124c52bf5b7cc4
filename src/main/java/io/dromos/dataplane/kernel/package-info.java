/**
 * The VIPs of a node as state of its kernel: {@link io.dromos.dataplane.kernel.KernelPlane} turns
 * snapshots into services, and a {@link io.dromos.dataplane.kernel.Dispatch} sends the connections
 * of host processes and containers to their endpoints without a process in between. The dispatch
 * that there is makes one nftables table and the routes that lead to it. The programs {@code nft},
 * {@code ip} and {@code conntrack} are run from here and nowhere else. May import {@code routing},
 * the values below it and {@code platform}; knows no other plane.
 */
@NullMarked
package io.dromos.dataplane.kernel;

import org.jspecify.annotations.NullMarked;
