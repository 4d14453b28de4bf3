/**
 * What a job takes: its peak, where the bytes go, and why.
 *
 * <p>Start with {@link dev.llmmem.memory.MemoryEstimate#of(dev.llmmem.workload.Workload)}. All types are immutable and
 * thread-safe.
 */
@NullMarked
@CheckReturnValue
package dev.llmmem.memory;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
