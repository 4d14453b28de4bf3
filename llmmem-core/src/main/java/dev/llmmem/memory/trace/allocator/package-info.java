/**
 * What a job's tensors take of a CUDA device once PyTorch's caching allocator has packed them into segments.
 *
 * <p>A {@link dev.llmmem.memory.trace.allocator.Recording} writes down what a run allocates and frees; a {@link
 * dev.llmmem.memory.trace.allocator.Replay} plays it to a {@link dev.llmmem.memory.trace.allocator.CachingAllocator}.
 */
@NullMarked
package dev.llmmem.memory.trace.allocator;

import org.jspecify.annotations.NullMarked;
