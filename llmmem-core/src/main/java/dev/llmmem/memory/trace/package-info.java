/**
 * The allocation engine: the model's code run on shapes alone, storage by storage.
 *
 * <p>A {@link dev.llmmem.memory.trace.Tape} offers the operations that transformer code uses. Each knows the storages it
 * makes, what PyTorch's autograd saves for its backward pass, and what that pass makes and frees. A {@link
 * dev.llmmem.memory.trace.Ledger} counts live bytes. Equal blocks are traced once and counted as often as they occur.
 */
@NullMarked
package dev.llmmem.memory.trace;

import org.jspecify.annotations.NullMarked;
