/**
 * Accelerators, links, nodes and cloud offers: data with sources.
 */
@CheckReturnValue
@NullMarked
package dev.llmmem.hardware;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
