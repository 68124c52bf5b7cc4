/**
 * Tasks as containers of a Docker Engine, through docker-java; the only package that may import it.
 * Start reading at {@link io.dromos.runtime.docker.DockerRuntime}.
 */
@NullMarked
package io.dromos.runtime.docker;

import org.jspecify.annotations.NullMarked;
