/**
 * Accelerators as data with sources, and whether a job fits them.
 *
 * <p>{@link dev.llmmem.hardware.Accelerators} is the bundled catalog, {@link dev.llmmem.hardware.Accelerator} one entry of it, and
 * {@link dev.llmmem.hardware.Fit} the answer to "does this need fit there".
 *
 * <pre>{@code
 * Accelerator card = Accelerators.get("RTX 4090");
 * card.usableMemory();                          // 23.64 GiB (25383256719 B)
 * Fit.of(Bytes.ofGiB(17.2), card).fits();       // true
 * }</pre>
 *
 * <p>The catalog was collected for this project, one fact at a time, and is no copy of another table. Its figures are facts from
 * documents of the vendors and, with the notice that their licences ask for, from k8s-test-infra, aiconfigurator and
 * karpenter-provider-aws (Apache-2.0) and from open-gpu-kernel-modules, nvidia_gpu_exporter, llmfit and the ROCm documentation
 * (MIT); single memory totals come from public issue threads. {@link dev.llmmem.hardware.Accelerators#dataSources()} lists them
 * all with licence and address, and each accelerator names its own.
 */
@CheckReturnValue
@NullMarked
package dev.llmmem.hardware;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
