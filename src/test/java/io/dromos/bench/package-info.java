/**
 * Benchmarks on the packaged jar, run by {@code mvn -Pbench verify} alone. Each writes a table to
 * {@code target/bench}; start reading at {@link io.dromos.bench.ControlPlaneBench}.
 */
@NullMarked
package io.dromos.bench;

import org.jspecify.annotations.NullMarked;
