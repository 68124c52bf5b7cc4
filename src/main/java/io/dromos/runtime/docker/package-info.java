/**
 * Tasks as containers on a Docker Engine, found again by label. The only package that may import *
 * docker-java.
 */
@NullMarked
package io.dromos.runtime.docker;

import org.jspecify.annotations.NullMarked;
