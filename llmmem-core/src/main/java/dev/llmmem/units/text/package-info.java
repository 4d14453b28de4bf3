/**
 * Text from anywhere: shown in messages, and matched within bounds. Internal.
 */
@NullMarked
@CheckReturnValue
package dev.llmmem.units.text;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
