/**
 * The planes as one whole: which of them a node has ({@link io.dromos.traffic.TrafficPlanes}, used
 * in the server and in the traffic process alike), and the process of their own that they run in,
 * fed with snapshots by the server over a local stream. May import {@code dataplane}, {@code
 * routing}, the values below it and {@code platform}: nothing here may need the database.
 */
@NullMarked
package io.dromos.traffic;

import org.jspecify.annotations.NullMarked;
