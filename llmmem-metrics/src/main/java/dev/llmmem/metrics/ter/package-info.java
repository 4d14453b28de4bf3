/** Translation edit rate, as sacreBLEU computes it. */
@CheckReturnValue
@NullMarked
package dev.llmmem.metrics.ter;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
