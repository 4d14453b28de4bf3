/** What the adapters of Hugging Face PEFT add to a model, tensor by tensor. Not part of the API. */
@NullMarked
@CheckReturnValue
package dev.llmmem.formats.peft;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
