package dev.llmmem.formats;

import dev.llmmem.formats.peft.Adapter;
import dev.llmmem.formats.peft.Added;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.workload.Strategy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Supplier;

/**
 * The {@code adapter_config.json} of Hugging Face PEFT: what an adapter adds to a model, tensor by tensor.
 *
 * <pre>{@code
 * AdapterConfig adapter = AdapterConfig.read(Path.of("my-lora"));       // the folder, or the file itself
 * adapter.trainableCount(Models.get("meta-llama/Llama-3.2-3B"));        // 9175040
 * adapter.strategy(model);                                              // for an estimate, where estimates model it
 * }</pre>
 *
 * <p>Everything is as PEFT 0.21 builds it over transformers 5.18. These fields of all types bear on the result; the package of each
 * is {@code peft} 0.21.0:
 *
 * <ul>
 *   <li>{@code peft_type}, one of {@link #types()} ({@code utils/peft_types.py}); {@code base_model_name_or_path}, {@code
 *       peft_version} ({@code config.py}).
 *   <li>{@code task_type}: SEQ_CLS, TOKEN_CLS and QUESTION_ANS are refused, for they train a head whose size is not in the file
 *       ({@code peft_model.py}); SEQ_2_SEQ_LM doubles a prompt.
 *   <li>{@code target_modules}: null (the default of type and model type, {@code utils/constants.py}), a list of names or ends of
 *       names, a regular expression for whole names, or {@code "all-linear"}; {@code exclude_modules}, {@code layers_to_transform},
 *       {@code layers_pattern} ({@code tuners/tuners_utils.py}).
 *   <li>{@code modules_to_save}: copies that are trained, of each module whose name ends so ({@code utils/other.py}).
 *   <li>{@code bias}: {@code none}, {@code all}, or one that ends in {@code _only}, for the biases of targets.
 *   <li>{@code trainable_token_indices}: rows of embeddings; of one module only ({@code utils/other.py}).
 * </ul>
 *
 * <p>Of single types ({@code tuners/<type>/config.py} and {@code layer.py}):
 *
 * <ul>
 *   <li>LORA: {@code r}, {@code rank_pattern}, {@code use_dora}, {@code lora_bias}, {@code target_parameters}, {@code use_bdlora},
 *       {@code kasa_config}, and {@code init_lora_weights} where it is {@code mica}; {@code lora_alpha}, {@code alpha_pattern},
 *       {@code use_rslora}, {@code fan_in_fan_out} and other initializations change no shape. {@code layer_replication}, {@code
 *       megatron_config}, {@code use_qalora}, {@code arrow_config} and {@code monteclora_config} are refused.
 *   <li>ADALORA: {@code init_r}; the ranks that are left after training do not count. IA3: {@code feedforward_modules}. VERA, PVERA,
 *       RANDLORA, HIRA, HRA, SHIRA: {@code r} (HiRA passes over its {@code rank_pattern}). LOHA, DELORA: {@code r}, {@code rank_pattern}. LOKR: those, {@code
 *       decompose_factor}, {@code decompose_both}. DEFT: {@code r}, {@code para}. MISS: {@code r}, {@code mini_r}, {@code
 *       init_weights}. GRALORA: {@code r}, {@code hybrid_r}, {@code gralora_k}. GLORA: {@code r}, {@code config_A_B}, {@code
 *       config_C}, {@code config_D_E}. PEANUT: {@code r}, {@code depth}. LILY: {@code r}, {@code stride_A}, {@code num_B}. POLY:
 *       {@code r}, {@code n_tasks}, {@code n_skills}, {@code n_splits}. OSF: {@code effective_rank}, {@code rank_pattern}. SUPERTUNING: {@code
 *       sparsity}, {@code r}.
 *   <li>BOFT: {@code boft_block_size}, {@code boft_block_num}; more than one butterfly factor is refused. OFT: {@code r}, {@code
 *       oft_block_size}, {@code block_share}. PSOFT: {@code r}, {@code psoft_orth}, {@code psoft_mag_a}, {@code psoft_mag_b}. C3A:
 *       {@code block_size}, {@code block_size_pattern}. ROAD: {@code variant}, {@code group_size}. FOURIERFT, WAVEFT: {@code
 *       n_frequency}, {@code n_frequency_pattern}, {@code proportional_parameters}. FROD: {@code sparse_rate}. TINYLORA: {@code u},
 *       {@code weight_tying}. UNILORA: {@code theta_d_length}. VBLORA: {@code r}, {@code num_vectors}, {@code vector_length}.
 *   <li>PROMPT_TUNING, PREFIX_TUNING, P_TUNING, MULTITASK_PROMPT_TUNING, CARTRIDGE: {@code num_virtual_tokens}, {@code
 *       num_transformer_submodules}, {@code token_dim}, {@code num_layers}, {@code num_attention_heads}; {@code prefix_projection},
 *       {@code encoder_hidden_size}, {@code encoder_reparameterization_type}, {@code encoder_num_layers}; {@code num_tasks}, {@code
 *       num_ranks}; {@code num_frozen_tokens}. CPT: {@code cpt_token_ids}. ADAPTION_PROMPT: {@code adapter_len}, {@code
 *       adapter_layers}. TRAINABLE_TOKENS: {@code token_indices}.
 * </ul>
 *
 * <p>{@code inference_mode} is true in most files, for PEFT writes it so; what is trained is counted as if it were false. What an
 * optimizer freezes besides, as that of LoRA-FA does, is not in the file.
 *
 * <p>A file is read within bounds: at most 16 MiB, 64 levels, a million values, 10,000 names in a list, patterns of 4096 characters;
 * and patterns take a bounded time on a model. Patterns are read as {@link java.util.regex.Pattern} does; what Python reads
 * differently is refused.
 *
 * <p>Immutable and thread-safe.
 */
public final class AdapterConfig {

    private static final String FILE = "adapter_config.json";

    private final Adapter adapter;
    private final String source;

    private AdapterConfig(Adapter adapter, String source) {
        this.adapter = adapter;
        this.source = source;
    }

    /**
     * Reads a file.
     *
     * @param path the file, or a folder with an {@code adapter_config.json}
     * @return the adapter
     * @throws MalformedInputException if the content is not an adapter that is known, with everything that is wrong
     * @throws UncheckedIOException if the file cannot be read
     */
    public static AdapterConfig read(Path path) {
        Objects.requireNonNull(path, "path");
        Path file = Files.isDirectory(path) ? path.resolve(FILE) : path;
        try (SeekableByteChannel channel = RegularFile.open(file)) {
            return of(Channels.newInputStream(channel), file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a stream to its end, or until it is too long. The stream is left open.
     *
     * @param stream the content of an {@code adapter_config.json}
     * @return the adapter
     * @throws MalformedInputException if the content is not an adapter that is known, with everything that is wrong
     * @throws UncheckedIOException if the stream cannot be read
     */
    public static AdapterConfig read(InputStream stream) {
        Objects.requireNonNull(stream, "stream");
        try {
            return of(stream, FILE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a text.
     *
     * @param json the content of an {@code adapter_config.json}
     * @return the adapter
     * @throws MalformedInputException if the content is not an adapter that is known, with everything that is wrong
     */
    public static AdapterConfig read(String json) {
        Objects.requireNonNull(json, "json");
        Map<String, ?> fields = Json.object(json, FILE);
        return new AdapterConfig(guarded(FILE, () -> Adapter.of(fields)), FILE);
    }

    private static AdapterConfig of(InputStream stream, String source) throws IOException {
        Map<String, ?> fields = Json.object(stream, source);
        return new AdapterConfig(guarded(source, () -> Adapter.of(fields)), source);
    }

    /**
     * The types of adapters that can be read.
     *
     * @return values of {@code peft_type}, in order
     */
    public static SortedSet<String> types() {
        return Adapter.types();
    }

    /**
     * The type of the adapter.
     *
     * @return one of {@link #types()}
     */
    public String peftType() {
        return adapter.type();
    }

    /**
     * The model that the adapter was made for.
     *
     * @return its name on the Hub or its path, or empty where the file does not say
     */
    public Optional<String> baseModel() {
        return adapter.base();
    }

    /**
     * The version of PEFT that wrote the file.
     *
     * @return the version, or empty where the file does not say
     */
    public Optional<String> peftVersion() {
        return adapter.version();
    }

    /**
     * Fields of the file that PEFT 0.21 does not know for this type, and that are passed over, as PEFT passes over them.
     *
     * @return their names in the order of the file, unmodifiable
     */
    public List<String> unknownFields() {
        return adapter.unknown();
    }

    /**
     * Everything that the adapter adds to a model.
     *
     * @param model the base model
     * @return the tensors in the order of the model's modules, unmodifiable
     * @throws MalformedInputException if the adapter does not fit the model
     */
    public List<AdapterTensor> tensors(ModelSpec model) {
        Objects.requireNonNull(model, "model");
        return guarded(
                source,
                () -> adapter.added(model).stream().map(AdapterConfig::tensor).toList());
    }

    /**
     * What of the adapter is trained: every parameter that wants a gradient, biases and copies of the model's own modules included.
     *
     * @param model the base model
     * @return the tensors in the order of the model's modules, unmodifiable
     * @throws MalformedInputException if the adapter does not fit the model
     */
    public List<AdapterTensor> trainableParameters(ModelSpec model) {
        return tensors(model).stream().filter(AdapterTensor::trained).toList();
    }

    /**
     * The number of trained parameters, as {@code get_nb_trainable_parameters} of PEFT counts them.
     *
     * @param model the base model
     * @return at least 0
     * @throws MalformedInputException if the adapter does not fit the model, or the sum exceeds {@link Long#MAX_VALUE}
     */
    public long trainableCount(ModelSpec model) {
        List<AdapterTensor> trained = trainableParameters(model);
        return guarded(
                source,
                () -> trained.stream().mapToLong(AdapterTensor::totalElements).reduce(0, Math::addExact));
    }

    /**
     * The strategy with which an estimate takes the adapter for what it is. LoRA, DoRA and rsLoRA, IA3, prompt tuning, prefix tuning
     * and P-tuning have one, as far as they adapt all layers alike and train nothing else.
     *
     * @param model the base model, whose type decides about targets that are not named
     * @return the strategy, or empty where {@link #unmodelled(ModelSpec)} says why
     */
    public Optional<Strategy> strategy(ModelSpec model) {
        Objects.requireNonNull(model, "model");
        try {
            return Optional.of(adapter.strategy(model));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Why there is no strategy.
     *
     * @param model the base model
     * @return the reason, or empty where {@link #strategy(ModelSpec)} gives one
     */
    public Optional<String> unmodelled(ModelSpec model) {
        Objects.requireNonNull(model, "model");
        try {
            Strategy unused = adapter.strategy(model);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Holds the weights of the adapter against its configuration. PEFT cuts what AdaLoRA learned to the ranks that are left, so its
     * shapes are not compared.
     *
     * @param model the base model
     * @param weights what {@code adapter_model.safetensors} holds
     * @return what is missing, unexpected or of another shape
     * @throws MalformedInputException if the adapter does not fit the model, or if what PEFT stores for its type is not modelled
     */
    public AdapterWeights compare(ModelSpec model, SafeTensors weights) {
        Objects.requireNonNull(weights, "weights");
        requireStored();
        Map<String, List<Long>> expected = new LinkedHashMap<>();
        for (AdapterTensor tensor : tensors(model)) {
            if (tensor.stored() && tensor.layers().isEmpty()) {
                expected.put(tensor.name(), tensor.shape());
            }
            if (tensor.stored()) {
                tensor.layers()
                        .forEach(i -> expected.put(tensor.name().replace("{i}", Integer.toString(i)), tensor.shape()));
            }
        }
        List<String> missing = new ArrayList<>();
        List<String> misshapen = new ArrayList<>();
        expected.forEach((name, shape) -> {
            Optional<StoredTensor> found = weights.find(name);
            if (found.isEmpty()) {
                missing.add(name);
            } else if (!found.get().shape().equals(shape) && !peftType().equals("ADALORA")) {
                misshapen.add(name + " is " + found.get().shape() + ", expected " + shape);
            }
        });
        List<String> unexpected = weights.tensors().stream()
                .map(StoredTensor::name)
                .filter(name -> !expected.containsKey(name))
                .toList();
        return new AdapterWeights(missing, unexpected, misshapen);
    }

    @Override
    public String toString() {
        return "AdapterConfig[" + peftType()
                + baseModel().map(base -> " of " + Shown.name(base)).orElse("") + "]";
    }

    private void requireStored() {
        try {
            adapter.requireStored();
        } catch (IllegalArgumentException e) {
            throw new MalformedInputException(source + ": " + e.getMessage());
        }
    }

    private static AdapterTensor tensor(Added added) {
        return new AdapterTensor(
                added.name(),
                added.target(),
                added.shape(),
                added.layers(),
                added.trained(),
                added.stored(),
                added.widened());
    }

    private static <T> T guarded(String source, Supplier<T> reader) {
        try {
            return reader.get();
        } catch (ArithmeticException e) {
            throw new MalformedInputException(
                    source + ": the adapter has too many elements, permitted fewer than 2^63");
        } catch (MalformedInputException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new MalformedInputException(source + ": " + e.getMessage());
        }
    }
}
