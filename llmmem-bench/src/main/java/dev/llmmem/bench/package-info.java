/**
 * The command line for reports and benchmarks. Not an API.
 */
@CheckReturnValue
@NullMarked
package dev.llmmem.bench;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
