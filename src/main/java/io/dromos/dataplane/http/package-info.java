/**
 * One pure set of HTTP decisions (match, pick, rewrite, retry) with two fronts: the servlet proxy
 * on the API port and the Netty edge on the public ports. May import {@code routing}, the values
 * below it and {@code platform}, nothing else, so that traffic survives the brain.
 */
@NullMarked
package io.dromos.dataplane.http;

import org.jspecify.annotations.NullMarked;
