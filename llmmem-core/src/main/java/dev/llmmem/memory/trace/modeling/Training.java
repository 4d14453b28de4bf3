package dev.llmmem.memory.trace.modeling;

import dev.llmmem.model.Dropout;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import dev.llmmem.units.DType;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Workload;
import org.jspecify.annotations.Nullable;

/** Which parameters a job trains, and in which format. */
public final class Training {

    private final ModelSpec model;
    private final DType weights;
    private final Strategy strategy;
    private final Strategy.@Nullable Lora lora;

    public Training(Workload job) {
        this.model = job.model();
        this.weights = job.precision().weights();
        this.strategy = job.strategy();
        this.lora = strategy instanceof Strategy.Lora chosen ? chosen : null;
    }

    /** The dropout that is on: the model's own in training, none in inference. */
    Dropout dropout() {
        return strategy instanceof Strategy.Inference ? Dropout.NONE : model.dropout();
    }

    /** The format of the model's own parameters. */
    public DType weights() {
        return weights;
    }

    /** Whether a parameter of the model itself is trained. */
    public boolean trains(Parameter parameter) {
        if (strategy instanceof Strategy.FullFineTuning) {
            return true;
        }
        if (lora == null || parameter.kind() != Parameter.Kind.BIAS) {
            return false;
        }
        return switch (lora.bias()) {
            case NONE -> false;
            case ALL -> true;
            case LORA_ONLY -> lora.targets().match(model, parameter);
        };
    }

    /** Whether the module of a weight gets an adapter. */
    public boolean adapts(Parameter weight) {
        return lora != null && weight.isLinear() && lora.targets().match(model, weight);
    }

    /** The rank of the adapters. */
    public int rank() {
        return lora == null ? 0 : lora.rank();
    }

    /** The dropout on the adapters' inputs. */
    double adapterDropout() {
        return lora == null ? 0 : lora.dropout();
    }

    /** The format of the adapters: PEFT keeps those over 16-bit weights in fp32 unless told not to. */
    public DType adapterType() {
        return lora != null && lora.adaptersInFp32() ? DType.FP32 : weights;
    }
}
