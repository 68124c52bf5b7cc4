/** Every node's own loop: what is placed here, what runs here, act, report. */
@NullMarked
package io.dromos.agent;

import org.jspecify.annotations.NullMarked;
